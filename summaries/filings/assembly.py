"""Lines to one text, and their marks and cells to spans of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from .inline import Gathered
from .lines import Line
from .reading import Cell, Table, Tag


def text_of(lines: Iterable[Line]) -> tuple[str, list[int]]:
    """The lines as one text, and where each starts in it."""
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for line in lines:
        if parts:
            end = "\n\n" if line.gap else "\n"
            parts.append(end)
            at += len(end)
        starts.append(at)
        parts.append(line.text)
        at += len(line.text)
    return "".join(parts), starts


def tables(lines: Sequence[Line], starts: Sequence[int]) -> tuple[Table, ...]:
    found = []
    for number, group in groupby(range(len(lines)), key=lambda at: lines[at].table):
        if number:
            rows = [_cells(lines[at], starts[at]) for at in group]
            found.append(Table(rows[0][0].start, rows[-1][-1].end, tuple(rows)))
    return tuple(found)


def _cells(line: Line, start: int) -> tuple[Cell, ...]:
    return tuple(
        Cell(start + slot.start, start + slot.end, slot.colspan, slot.is_header, slot.column)
        for slot in line.slots
    )


def tags(lines: Sequence[Line], starts: Sequence[int], gathered: Gathered) -> tuple[Tag, ...]:
    """Every numeric value in the document's order; those printed nowhere have an empty span."""
    spans: dict[int, tuple[int, int]] = {}
    for line, start in zip(lines, starts, strict=True):
        for mark in line.marks:
            begin, end = mark.start, mark.end
            if gathered.numeric[mark.fact].sign == "-":
                begin, end = _bracketed(line.text, begin, end)
            spans.setdefault(mark.fact, (start + begin, start + end))
    found = []
    for number, fact in enumerate(gathered.numeric):
        value = gathered.value(fact)
        if value is None:
            continue
        start, end = spans.get(number, (0, 0))
        found.append(
            Tag(
                start,
                end,
                value.concept,
                value.unit,
                value.period_start,
                value.period_end,
                value.value,
                value.decimals,
                value.dimensions,
            )
        )
    return tuple(found)


def _bracketed(text: str, start: int, end: int) -> tuple[int, int]:
    """A negative number's span with the brackets that print its sign."""
    before = start - 1 if text[start - 1 : start] in set("$€£¥") else start
    if text[before - 1 : before] == "(" and text[end : end + 1] == ")":
        return before - 1, end + 1
    return start, end
