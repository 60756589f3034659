"""A question as words, and phrases found in them: one pass, whatever the length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

Value = TypeVar("Value")

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = "'’‘"


@dataclass(frozen=True)
class Word:
    """``text`` as written, ``low`` in lower case; the places are code points."""

    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True)
class Said:
    """A text with its words. A possessive's "s" is no word."""

    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(self._split())

    @cached_property
    def is_shouted(self) -> bool:
        """Written in capitals, or in none: then they tell no names."""
        letters = [one.text for one in self.words if one.text.isalpha() and len(one.text) > 1]
        return len(letters) > 2 and all(one.isupper() for one in letters)

    def _split(self) -> Iterator[Word]:
        for found in _WORD.finditer(self.text):
            start = found.start()
            is_ending = found[0].lower() == "s" and start > 0
            if not (is_ending and self.text[start - 1] in _APOSTROPHES):
                yield Word(found[0], found[0].lower(), start, found.end())

    def opens(self, at: int) -> bool:
        """Whether the word number ``at`` is the first of a sentence."""
        if at == 0:
            return True
        between = self.text[self.words[at - 1].end : self.words[at].start]
        return any(mark in between for mark in ".?!\n:")


def keyed(phrase: str) -> tuple[str, ...]:
    return tuple(one.low for one in Said(phrase).words)


@dataclass(frozen=True)
class Hit(Generic[Value]):
    """A phrase found: words number ``first`` up to, not including, ``last``."""

    first: int
    last: int
    value: Value


class Phrases(Generic[Value]):
    """Phrases by their first word; the longest wins, and no word is used twice."""

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for phrase, value in entries:
            if key := keyed(phrase):
                self._by_first.setdefault(key[0], []).append((key, value))
        for listed in self._by_first.values():
            listed.sort(key=lambda entry: -len(entry[0]))

    def at(self, said: Said, place: int) -> Iterator[Hit[Value]]:
        """What begins with this word, the longest first."""
        words = said.words
        for key, value in self._by_first.get(words[place].low, ()):
            last = place + len(key)
            if tuple(one.low for one in words[place:last]) == key:
                yield Hit(place, last, value)

    def find(self, said: Said, taken: Mapping[int, object] | None = None) -> list[Hit[Value]]:
        """In order; none over a word that is ``taken``."""
        found: list[Hit[Value]] = []
        free = 0
        for place in range(len(said.words)):
            if place < free:
                continue
            for hit in self.at(said, place):
                if taken is None or not any(at in taken for at in range(hit.first, hit.last)):
                    found.append(hit)
                    free = hit.last
                    break
        return found
