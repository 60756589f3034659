"""A filing's table as a person sees it: few columns, from the many of the page's own layout.

The layout has columns of its own for currency signs, brackets and gaps, and rows differ in
which of them they use. Cells that overlap stand in one column; a cell over several spans them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from summaries.layout import Span, columns_of, spans
from summaries.pages.marks import Marks, Piece

_NUMBER = re.compile(
    r"[(+−–—-]?\s?(?:[A-Z]{0,3}[$€£¥₹])?\s?[(−–-]?[\d,.]*\d\s?[)%x]{0,3}(?:\s?\(\w{1,2}\))?|[—–-]|N/?[AM]"
)


@dataclass(frozen=True)
class Cell:
    pieces: tuple[Piece, ...] = ()
    colspan: int = 1
    is_header: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    is_head: bool
    start: int
    end: int

    @property
    def is_marked(self) -> bool:
        return any(piece.is_marked for cell in self.cells for piece in cell.pieces)


@dataclass(frozen=True)
class Grid:
    kind: ClassVar[str] = "table"
    head: tuple[Row, ...]
    body: tuple[Row, ...]


def grid(rows: Iterable[Sequence[Sequence[int]]], marks: Marks) -> Grid:
    """``rows`` of spans of the text that ``marks`` holds."""
    placed = [spans(row) for row in rows]
    columns = columns_of(placed)
    shown = [_row(row, columns, marks) for row in placed if row]
    heads = next((n for n, row in enumerate(shown) if not row.is_head), len(shown))
    return Grid(tuple(shown[:heads]), tuple(shown[heads:]))


def _row(row: Sequence[Span], columns: Sequence[tuple[int, int]], marks: Marks) -> Row:
    cells: list[Cell] = []
    at = 0
    for one in row:
        touched = [n for n, (a, b) in enumerate(columns) if a < one.right and one.left < b]
        first, last = (touched[0], touched[-1]) if touched else (at, at)
        pieces = marks.pieces(one.start, one.end)
        if last < at and cells:  # its column is taken: it is shown beside what took it
            cells[-1] = _beside(cells[-1], pieces)
            continue
        first = max(first, at)
        if first > at:
            cells.append(Cell(colspan=first - at))
        words = marks.text[one.start : one.end].strip()
        is_number = bool(_NUMBER.fullmatch(words))
        cells.append(Cell(pieces, last - first + 1, one.is_header, is_number))
        at = last + 1
    if at < len(columns):
        cells.append(Cell(colspan=len(columns) - at))
    return Row(tuple(cells), all(one.is_header for one in row), row[0].start, row[-1].end)


def _beside(cell: Cell, pieces: tuple[Piece, ...]) -> Cell:
    return Cell((*cell.pieces, Piece(" "), *pieces), cell.colspan, cell.is_header, cell.is_number)
