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
_KEPT = 4096
SHORT = 300  # characters, of a cell or of most sentences
LABEL = 500


def any_of(starts: Iterable[str]) -> str:
    """An expression for any of ``starts``, given in lower case, in either case."""
    return _shared(frozenset(starts))


def _shared(starts: frozenset[str]) -> str:
    """ "cash cost" is c(?:ash|ost), each letter in either case."""
    if "" in starts:
        return ""
    by_first: dict[str, set[str]] = defaultdict(set)
    for one in starts:
        by_first[one[0]].add(one[1:])
    parts = [
        (f"[{first}{first.upper()}]" if first.isalpha() else re.escape(first))
        + _shared(frozenset(rest))
        for first, rest in sorted(by_first.items())
    ]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def found(seeds: re.Pattern[str], rule: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What ``rule.finditer`` finds, where every match of it begins at one of ``seeds``, which look
    ahead only: a rule may begin within what makes a seed of the word before."""
    end = 0
    for seed in seeds.finditer(text):
        at = seed.start()
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
