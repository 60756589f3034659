"""A text as the rules read it: one kind of dash, blank, quote and digit, no accents, nothing unseen.

So a number with a zero-width blank inside, or in Arabic digits, is found as any other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = {"‘": "'", "’": "'", "ʼ": "'", "′": "'", "`": "'", "“": '"', "”": '"'}
_UNSEEN = {"Mn", "Me", "Cf"}


@dataclass(frozen=True)
class Plain:
    """``places``: where each character of ``text`` stands in the original, and then its length."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """``text[start:end]`` in the original, with the marks that follow its last character."""
        return self.places[start], self.places[end]


def plain(text: str) -> Plain:
    if text.isascii():
        return Plain(text, range(len(text) + 1))
    characters, places = [], []
    for place, character in enumerate(text):
        if seen := character if character.isascii() else _plain(character):
            characters.append(seen)
            places.append(place)
    return Plain("".join(characters), [*places, len(text)])


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character for one, or none."""
    kind = unicodedata.category(character)
    if kind in _UNSEEN:
        return ""
    if character in _QUOTES:
        return _QUOTES[character]
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd" or character == "−":
        return "-"
    if kind == "Zs":
        return " "
    base = unicodedata.normalize("NFKD", character)[:1]
    return base if base.isascii() and base.isprintable() else character
