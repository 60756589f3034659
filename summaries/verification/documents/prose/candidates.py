"""Which sentences may hold a figure, found by its digits before any is read.

"$2.17 billion", "2,170 million" and "2,168" begin alike: numbers are held by their digits, without
scale, in order, so that a figure and all that it may be a rounding of are one stretch of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.sources import Source

# One set of characters first, which is what makes it fast on a long text.
_NUMBER = re.compile(r"[\d.](?:(?<=\d)[\d,]*(?:\.\d+)?|(?<=\.)\d+)")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_MOST = 150


def holding(figures: Sequence[Figure], source: Source) -> list[int]:
    """Indexes of the sentences that may show every one of ``figures``."""
    starts = [one.start for one in source.sentences]
    found: set[int] | None = None
    for figure in figures:
        places = {bisect_right(starts, at) - 1 for at in _places(figure, source.text)}
        found = places if found is None else found & places
        if not found:
            return []
    return sorted(one for one in found or () if one >= 0)[:_MOST]


def _places(figure: Figure, text: str) -> Iterator[int]:
    numbers = _numbers(text)
    low, high = _span(figure)
    yield from _between(numbers, low, high)
    if low < 1:
        yield from _between(numbers, low * 10, 10)
    if high >= 10:
        yield from _between(numbers, 1, high / 10)
    yield from _spelled(figure, text)


def _spelled(figure: Figure, text: str) -> Iterator[int]:
    """ "four percent"."""
    value = abs(figure.value / figure.scale)
    if figure.unit not in (Unit.PERCENT, Unit.POINTS) or value >= len(_WORDS) or value % 1:
        return
    word = _WORDS[int(value)]
    for match in re.finditer(rf"\b(?:{word}|{word.title()})[\s-](?:per|point|basis)", text):
        yield match.start()


def _between(numbers: Sequence[tuple[float, int]], low: float, high: float) -> Iterator[int]:
    first, last = bisect_left(numbers, (low, 0)), bisect_right(numbers, (high, 1 << 60))
    return (at for _, at in numbers[first:last])


@lru_cache(maxsize=32)
def _numbers(text: str) -> list[tuple[float, int]]:
    """The digits of every number as one from 1 to 10, with its place; in order."""
    found = [
        (_significand(float(match.group().replace(",", ""))), match.start())
        for match in _NUMBER.finditer(text)
        if len(match.group()) < 40
    ]
    return sorted(found)


def _span(figure: Figure) -> tuple[float, float]:
    value, spread = abs(figure.value), figure.place / 2
    power = Decimal(10) ** -value.adjusted() if value else Decimal(1)
    return float((value - spread) * power) - 1e-9, float((value + spread) * power) + 1e-9


def _significand(value: float) -> float:
    while value >= 10:
        value /= 10
    while 0 < value < 1:
        value *= 10
    return value
