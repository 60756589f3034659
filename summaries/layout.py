"""A stored table's cells: where they stand in the text, and in which column a person sees them.

The layout has columns of its own for currency signs, brackets and gaps, and rows differ in
which of them they use. Cells that overlap stand in one column; a cell over several spans them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A cell as the table's row stores it."""

    start: int
    end: int
    left: int  # columns of the layout, right excluded
    right: int
    is_header: bool


def spans(row: Sequence[Sequence[int]]) -> list[Span]:
    """A stored row's cells, [start, end, colspan, is_header, column]; the column may lack."""
    found: list[Span] = []
    for start, end, colspan, is_header, *column in row:
        left = column[0] if column else (found[-1].right if found else 0)
        found.append(Span(start, end, left, left + max(colspan, 1), bool(is_header)))
    return found


def columns_of(rows: Iterable[Sequence[Span]]) -> list[tuple[int, int]]:
    """The columns that a person sees, from left to right, as stretches of the layout's.

    The narrowest cells say where columns are; a wider one that touches a single column widens
    it, one that touches more spans them.
    """
    found: list[tuple[int, int]] = []
    widths = {(one.left, one.right) for row in rows for one in row}
    for left, right in sorted(widths, key=lambda one: (one[1] - one[0], one)):
        touched = [one for one in found if one[0] < right and left < one[1]]
        if not touched:
            found.append((left, right))
        elif len(touched) == 1:
            found.remove(touched[0])
            found.append((min(left, touched[0][0]), max(right, touched[0][1])))
    return sorted(found)
