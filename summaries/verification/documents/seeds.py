"""Long expressions made fast: tried only where one of the words that begin them stands.

An expression of a hundred alternatives costs the same at every word of a text. Its first letters
are looked for beforehand, by one small expression that shares what they have in common.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
Kept = TypeVar("Kept")
_KEPT = 4096
SHORT = 300  # characters, of a cell or of most sentences
LABEL = 500


def any_of(starts: Iterable[str]) -> str:
    """An expression for any of ``starts`` in a text in lower case."""
    return _shared(frozenset(starts))


def _shared(starts: frozenset[str]) -> str:
    """ "cash cost" is c(?:ash|ost)."""
    if "" in starts:
        return ""
    by_first: dict[str, set[str]] = defaultdict(set)
    for one in starts:
        by_first[one[0]].add(one[1:])
    parts = [
        re.escape(first) + _shared(frozenset(rest)) for first, rest in sorted(by_first.items())
    ]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


class Seeds:
    """Where an expression may begin: before ``ahead``, which begins with a letter or digit, and
    after none of the characters ``joined``, all letters and digits among them."""

    def __init__(self, joined: str, ahead: str) -> None:
        self._first = re.compile(rf"(?={ahead})")
        # The character before goes first: as one set it is what makes it fast on a long text.
        self._later = re.compile(rf"[^{joined}](?={ahead})")

    def places(self, text: str) -> Iterator[int]:
        if self._first.match(text):
            yield 0
        for one in self._later.finditer(text):
            yield one.end()


def found(seeds: Seeds, rule: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What ``rule.finditer`` finds, where every match of it begins at one of ``seeds``."""
    end = 0
    for at in seeds.places(text):
        if at >= end and (match := rule.match(text, at)):
            yield match
            end = match.end()


def kept_up_to(longest: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Remembers what a function makes of texts of at most so many characters, such as the cells of
    a table, which come again and again. What it makes must not be changed by who gets it."""

    def decorated(function: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(maxsize=_KEPT)(function)

        @wraps(function)
        def made(text: str) -> T:
            return kept(text) if len(text) <= longest else function(text)

        return made

    return decorated


def kept_with(function: Callable[[Kept], T]) -> Callable[[Kept], T]:
    """Remembers what a function makes of an object that never changes, such as a source or a
    table, for as long as that lives. What it makes must not be changed by who gets it."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def made(whole: Kept) -> T:
        kept = whole.__dict__
        if name not in kept:
            kept[name] = function(whole)
        return kept[name]  # type: ignore[no-any-return]

    return made
