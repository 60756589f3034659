"""A sentence cut where findings point at parts of it, so that each part can be marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]


@dataclass(frozen=True)
class Stretch:
    """``marks``: which findings point here, by their place from 0; ``ends``: those whose last
    stretch this is."""

    text: str
    marks: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def stretches(text: str, spans: Sequence[Span]) -> list[Stretch]:
    """The whole text in order. A span that holds nothing, or lies outside, is the whole text;
    one that reaches beyond the end is cut there. Offsets are code points."""
    within = [_within(span, len(text)) for span in spans]
    cuts = sorted({0, len(text), *(place for span in within for place in span)})
    found = []
    for start, end in pairwise(cuts):
        marks = [n for n, span in enumerate(within) if span[0] <= start and end <= span[1]]
        ends = [n for n in marks if within[n][1] == end]
        found.append(Stretch(text[start:end], tuple(marks), tuple(ends)))
    return found


def _within(span: Span, length: int) -> Span:
    start, end = max(span[0], 0), min(span[1], length)
    return (start, end) if start < end else (0, length)
