"""Tables of markup: those that lay out a page become plain lines, those that hold data a row a line.

A filing's table has a column for the currency sign, one for the number, one for its closing bracket
and empty ones for the gaps. A person sees one column, and so does the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .lines import Line, Mark, Slot, joined, tighten

SEPARATOR = " | "

_OPENS = re.compile(r"(?:(?:US|C|A|CA|HK|NT|R|CAD|AUD|USD|RMB)?\s?[$€£¥₹]|Rs\.|\()\s?[$€£¥]?\(?")
_CLOSES = re.compile(r"[)%]+|\)\s?%|%\s?\)|\)?\s?(?:bps|bp|pts?\.?|x)\)?")
_STARTS_NUMBER = re.compile(r"[(+–-]?\s?[$€£¥]?\s?\(?\s?[\d.,]*\d|[—–-]+$|[—–-]\s?[)%]")
_ENDS_NUMBER = re.compile(r"(?:[\d—–]|[\d—–]\s?\)|[\d—–-]\s?%?\)?)$")
_VALUE = re.compile(
    r"[(+–-]?\s?(?:[A-Z]{0,3}[$€£¥₹])?\s?\(?[\d,.]*\d[)%x]*(?:\s?\(\w\))?|[—–-]|N/?[AM]"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?\(\w\))?")
_BULLET = re.compile(
    r"[•·●○◦▪■□☐☑☒✓–—*o-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,5})[.)]{1,2}|\*{1,3}|\[\d+\]"
)
_PROSE = 400  # characters: a cell with more is a paragraph, not a value


@dataclass(slots=True)
class GridCell:
    lines: list[Line]
    colspan: int = 1
    rowspan: int = 1
    is_header: bool = False
    column: int = field(default=0)


def lines_of(rows: Sequence[Sequence[GridCell]], number: int) -> list[Line]:
    """The table's lines in order; a data table's carry the table's number and their cells."""
    _place(rows)
    printed = [[cell for cell in row if cell.lines] for row in rows]
    printed = [row for row in printed if row]
    if not printed:
        return []
    if any(line.table for row in printed for cell in row for line in cell.lines):
        return [line for row in printed for line in _laid_out(row)]
    rendered = [_row(row) for row in printed]
    if not _is_data(rendered):
        return [line for row in printed for line in _laid_out(row)]
    head = _head(rendered)
    for position, line in enumerate(rendered):
        line.table = number
        for slot in line.slots:
            slot.is_header = slot.is_header or position < head
    return rendered


def _place(rows: Sequence[Sequence[GridCell]]) -> None:
    """Each cell's column of the grid, with those that cells from rows above reach into."""
    reaching: dict[int, int] = {}
    for row in rows:
        column = 0
        began: list[tuple[int, int]] = []
        for cell in row:
            while reaching.get(column, 0):
                column += 1
            cell.column = column
            if cell.rowspan > 1:
                began += [(column + offset, cell.rowspan) for offset in range(cell.colspan)]
            column += cell.colspan
        reaching = {place: left - 1 for place, left in reaching.items() if left > 1}
        reaching |= {place: span - 1 for place, span in began}


def _row(row: Sequence[GridCell]) -> Line:
    """A row as one line, a sign in a cell of its own joined to its number."""
    line = Line("", breaks=row[0].lines[0].breaks, rule=row[0].lines[0].rule)
    parts: list[str] = []
    length = 0
    for cell in row:
        content = tighten(joined(cell.lines))
        glued = bool(parts) and _is_glued(parts[-1], content.text)
        if parts and not glued:
            parts.append(SEPARATOR)
            length += len(SEPARATOR)
        for mark in content.marks:
            line.marks.append(Mark(mark.fact, mark.start + length, mark.end + length))
        if not glued:
            line.slots.append(Slot(length, length, 0, cell.is_header, cell.column))
        parts.append(content.text)
        length += len(content.text)
        slot = line.slots[-1]
        slot.end, slot.colspan = length, cell.column + cell.colspan - slot.column
        line.bold += content.bold
        line.linked += content.linked
        line.ids += content.ids
        line.links += content.links
        line.center = line.center or content.center
    line.text = "".join(parts)
    return line


def _is_glued(before: str, text: str) -> bool:
    if _OPENS.fullmatch(before) and _STARTS_NUMBER.match(text):
        return True
    return bool(_CLOSES.fullmatch(text) and _ENDS_NUMBER.search(before))


def _is_data(rows: Sequence[Line]) -> bool:
    """Whether rows and columns mean something: several of both, and no bullets or paragraphs in them."""
    wide = [row for row in rows if len(row.slots) > 1]
    if len(rows) == 1:
        return len(_values(rows[0])) >= 2
    if len(wide) < 2:
        return False
    bullets = sum(bool(_BULLET.fullmatch(_cells(row)[0])) for row in wide if len(row.slots) == 2)
    if bullets * 2 >= len(wide):
        return False
    values = sum(bool(_values(row)) for row in wide)
    prose = sum(any(len(cell) > _PROSE for cell in _cells(row)) for row in wide)
    return values * 4 >= len(wide) or prose * 2 < len(wide)


def _cells(row: Line) -> list[str]:
    return [row.text[slot.start : slot.end] for slot in row.slots]


def _values(row: Line) -> list[str]:
    return [text for text in _cells(row) if _VALUE.fullmatch(text) and not _YEAR.fullmatch(text)]


def _head(rows: Sequence[Line]) -> int:
    """How many leading rows head the columns: those before the first with a value. Of them the last
    may be a label of the rows below, alone in the first column."""
    first = next((at for at, row in enumerate(rows) if _values(row)), None)
    if first is None:
        return int(rows[0].is_bold and len(rows[0].slots) > 1)
    left = min(row.slots[0].column for row in rows)
    while first and _is_label(rows[first - 1], left):
        first -= 1
    return first


def _is_label(row: Line, left: int) -> bool:
    alone = len(row.slots) == 1 and row.slots[0].column == left
    return alone and not row.text.lstrip("*").startswith("(")


def _laid_out(row: Sequence[GridCell]) -> list[Line]:
    """A row of a layout table: one line if its cells are, else their lines; bullets join their text."""
    if all(len(cell.lines) == 1 and not cell.lines[0].table for cell in row):
        return [tighten(joined([cell.lines[0] for cell in row]))]
    lines = [line for cell in row for line in cell.lines]
    if _BULLET.fullmatch(lines[0].text) and len(lines) > 1 and not lines[1].table:
        return [joined(lines[:2]), *lines[2:]]
    return lines
