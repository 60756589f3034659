"""How many tokens a request will be, before it leaves and without asking anybody.

An estimate for reserving budget and for choosing a model; what is billed is what the provider
says. Characters are counted by class, and the weights are a least-squares fit to word pieces
(BERT's) of 2,300 texts: discussion by management, whole filings, their tables, lists of XBRL
facts, JSON. Against the pieces of 3 kB of text the error is 3 % in the mean and up to 10 %;
over a prompt of 20 kB it is about 2 %. Newer Claude tokenizers make a third more of the same
text. 100 kB take 2 ms.
"""

from __future__ import annotations

import json

from llm.values import Request

# Pieces for a word; for each letter of it over four; for a number; for each digit of it after
# the first; for a sign. Any other character, Chinese or emoji, is a piece of its own.
WORD, LETTER, NUMBER, DIGIT, SIGN = 1.022, 0.0335, 0.407, 0.682, 1.043
FREE_LETTERS = 4

FOR_A_PROMPT, FOR_A_TURN = 3, 4
CLAUDE = 1.3  # tokens for a piece


def estimate_tokens(request: Request) -> int:
    """The whole prompt's tokens, cached or not: system, turns and schema."""
    pieces = float(FOR_A_PROMPT + FOR_A_TURN * len(request.turns))
    pieces += sum(_pieces(part.text) for part in request.system)
    pieces += sum(_pieces(part.text) for turn in request.turns for part in turn.parts)
    if request.schema is not None:
        pieces += _pieces(json.dumps(request.schema))
    return _tokens(pieces, request.model)


def estimate_text(text: str, model: str) -> int:
    """The tokens of a text by itself, such as an answer that broke off."""
    return _tokens(_pieces(text), model) if text else 0


def _tokens(pieces: float, model: str) -> int:
    return max(1, round(pieces * (CLAUDE if model.startswith("claude") else 1.0)))


def _pieces(text: str) -> float:
    # By bytes, because translating, counting and splitting them is done in C.
    kinds = text.encode("utf-8", "replace").translate(_KINDS)
    letters, digits = kinds.count(b"a"), kinds.count(b"0")
    words, numbers = len(kinds.translate(_WORDS).split()), len(kinds.translate(_NUMBERS).split())
    return (
        WORD * words
        + LETTER * (letters - FREE_LETTERS * words)
        + NUMBER * numbers
        + DIGIT * (digits - numbers)
        + SIGN * kinds.count(b".")
        + kinds.count(b"?")
    )


def _kind(byte: int) -> str:
    """a letter, 0 digit, . sign, ? the first byte of another character, - what follows it."""
    if byte >= 0x80:
        return "-" if byte < 0xC0 else "?"
    character = chr(byte)
    if character.isalpha():
        return "a"
    if character.isdigit():
        return "0"
    return "." if character.isprintable() and character != " " else " "


_KINDS = "".join(map(_kind, range(256))).encode()
_WORDS = bytes.maketrans(b"0.?-", b"    ")
_NUMBERS = bytes.maketrans(b"a.?-", b"    ")
