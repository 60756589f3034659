"""The company's own name in a claim: "Acme's revenue" is the revenue, "Acme had" the company had."""

from __future__ import annotations

from collections.abc import Sequence

from summaries.verification.documents.tabular.tokens import Sort, Token
from summaries.verification.documents.words import words_of

_FORMS = frozenset(
    "inc corp corporation ltd limited plc co company group holdings holding llc sa ag nv se lp"
    " the".split()
)


def anonymous(tokens: Sequence[Token], company: Sequence[str]) -> list[Token]:
    """Without the possessive of the company's name; the plain name becomes "company"."""
    names = [one for name in company if (one := _name(name))]
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        length = next((len(one) for one in names if _stands(tokens, at, one)), 0)
        if not length:
            made.append(tokens[at])
            at += 1
            continue
        last = tokens[at + length - 1]
        if not _is_possessive(last.norm):
            made.append(last._replace(start=tokens[at].start, norm="company"))
        at += length
    return made


def _name(company: str) -> tuple[str, ...]:
    words = [word.norm for word in words_of(company)]
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return tuple(words)


def _stands(tokens: Sequence[Token], at: int, name: Sequence[str]) -> bool:
    if at + len(name) > len(tokens):
        return False
    said = tokens[at : at + len(name)]
    return all(
        token.sort is Sort.WORD and (token.norm == word or token.norm.removesuffix("'s") == word)
        for token, word in zip(said, name, strict=True)
    )


def _is_possessive(norm: str) -> bool:
    return norm.endswith(("'s", "s'"))
