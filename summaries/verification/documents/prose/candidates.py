"""Which sentences may hold a figure, found by its digits before any is read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.numbers import places
from summaries.verification.documents.sources import Source

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_MOST = 150


def holding(figures: Sequence[Figure], source: Source) -> list[int]:
    """Indexes of the sentences that may show every one of ``figures``."""
    starts = source.starts
    found: set[int] | None = None
    for figure in figures:
        here = {bisect_right(starts, at) - 1 for at in _places(figure, source)}
        found = here if found is None else found & here
        if not found:
            return []
    return sorted(one for one in found or () if one >= 0)[:_MOST]


def _places(figure: Figure, source: Source) -> Iterator[int]:
    low, high = _span(figure)
    yield from places(low, high, source)
    if low < 1:
        yield from places(low * 10, 10, source)
    if high >= 10:
        yield from places(1, high / 10, source)
    yield from _spelled(figure, source.text)


def _spelled(figure: Figure, text: str) -> Iterator[int]:
    """ "four percent"."""
    value = abs(figure.value / figure.scale)
    if figure.unit not in (Unit.PERCENT, Unit.POINTS) or value >= len(_WORDS) or value % 1:
        return
    word = _WORDS[int(value)]
    first = f"[{word[0]}{word[0].upper()}]"
    for match in re.finditer(rf"{first}{word[1:]}[\s-](?:per|point|basis)", text):
        yield match.start()


def _span(figure: Figure) -> tuple[float, float]:
    value, spread = abs(figure.value), figure.place / 2
    power = Decimal(10) ** -value.adjusted() if value else Decimal(1)
    return float((value - spread) * power) - 1e-9, float((value + spread) * power) + 1e-9
