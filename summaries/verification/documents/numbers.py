"""Where the numbers of a source stand, found by their digits before any is read.

"$2.17 billion", "2,170 million" and "2,168" begin alike: numbers are held by their digits, without
scale, in order, so that a figure and all that it may be a rounding of are one stretch of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source

# One set of characters first, which is what makes it fast on a long text.
_NUMBER = re.compile(
    r"[0-9.](?:(?<=\.)[0-9]+|(?<!\.)(?:[0-9]{0,2}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?)",
)
_LONGEST = 40  # characters of a number
_NO_DIGITS = str.maketrans("", "", ".,")


def places(low: float, high: float, source: Source) -> Iterator[int]:
    """Where numbers stand whose digits make one from ``low`` to ``high``, both from 1 to 10; 0 is
    that of nothing but zeros."""
    numbers = _numbers(source)
    first, last = bisect_left(numbers, (low, 0)), bisect_right(numbers, (high, 1 << 60))
    return (at for _, at in numbers[first:last])


@kept_with
def _numbers(source: Source) -> list[tuple[float, int]]:
    """The digits of every number as one from 1 to 10, with its place; in order."""
    found = [
        (_significand(printed), match.start())
        for match in _NUMBER.finditer(source.text)
        if len(printed := match.group()) < _LONGEST
    ]
    return sorted(found)


@lru_cache(maxsize=8192)
def _significand(printed: str) -> float:
    digits = printed.translate(_NO_DIGITS).lstrip("0")
    return float(f"{digits[0]}.{digits[1:]}") if digits else 0.0
