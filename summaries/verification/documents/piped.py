"""Tables of a text whose cells stand between bars, as copies of web pages have them.

"| Net sales | $ | 7,967 | (5 | ) |" is a label and two cells: signs in cells of their own belong to
the figure beside them, empty cells only hold the layout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from summaries.verification.documents.tables import Table

_PIPED = re.compile(r"(?m)(?:^[^\n]*\|[^\n]*(?:\n|$)){2,}")
_BLANK = "\u200b\u200c\u200d\ufeff\xa0 \t"
_BEFORE = frozenset(("$", "€", "£", "¥", "$(", "("))
_AFTER = re.compile(r"[)%\s]+")
_FIGURE = re.compile(r"[$€£¥(\s-]*\d[\d,]*(?:\.\d+)?[)%\s]*|[-–—]+")
_CAPTION = 300


def piped_tables(text: str) -> Iterator[Table]:
    for match in _PIPED.finditer(text) if "|" in text else ():
        lines = [line.strip().strip("|").split("|") for line in match.group().splitlines()]
        kept = [line for line in lines if not all(set(cell.strip()) <= set("-: ") for cell in line)]
        before = text[: match.start()].rstrip().rpartition("\n")[2][-_CAPTION:]
        yield Table.of(_aligned([list(_joined(line)) for line in kept]), before)


def _joined(cells: Sequence[str]) -> Iterator[str]:
    """Without empty cells, signs with their figures."""
    made: list[str] = []
    opened = ""
    for raw in cells:
        cell = raw.strip(_BLANK)
        if cell in _BEFORE:
            opened += cell
        elif cell and _AFTER.fullmatch(cell):
            if made:
                made[-1] += cell
        elif cell:
            made.append(opened + cell)
            opened = ""
    yield from made


def _aligned(rows: Sequence[list[str]]) -> list[list[str]]:
    """Each row with its label first, which heads and subtotals often lack."""
    counts = Counter(len(row) for row in rows if len(row) > 1 and not _is_figure(row[0]))
    width = max(counts, key=lambda count: (counts[count], count), default=0)
    return [_labelled(row, width) for row in rows if row]


def _labelled(row: list[str], width: int) -> list[str]:
    if _is_figure(row[0]) and len(row) > 1 and all(_is_figure(cell) for cell in row):
        return ["", *row]
    has_figures = any(_is_figure(cell) and not _is_year(cell) for cell in row[1:])
    return ["", *row] if len(row) == width - 1 and len(row) > 1 and not has_figures else row


def _is_figure(cell: str) -> bool:
    return _FIGURE.fullmatch(cell) is not None


def _is_year(cell: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", cell) is not None
