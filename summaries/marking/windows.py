"""A passage with its surroundings, as what a claim can be held against: text and tables, each
place of which leads back into the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summaries.layout import columns_of, spans
from summaries.verification.documents.results import Evidence
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Table

# Characters on each side of a passage: the table that it explains, the sentence that says whose
# figure it is.
AROUND = 700
Rows = Sequence[Sequence[Sequence[int]]]
Span = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """``start``: where its text begins in the document. ``cells``: by table, row and column the
    span of the document that prints it."""

    start: int
    source: Source
    cells: dict[tuple[int, int, int], Span]

    def span_of(self, evidence: Evidence) -> Span | None:
        """Where the document says it; None where the evidence names no place."""
        if evidence.table >= 0:
            return self.cells.get((evidence.table, evidence.row, evidence.column))
        if 0 <= evidence.start < evidence.end:
            return self.start + evidence.start, self.start + evidence.end
        return None

    def label_of(self, evidence: Evidence) -> str:
        """Of a cell: its line and its column's head, "Greater China, 2025"; "" of anything else."""
        if evidence.table < 0:
            return ""
        table = self.source.tables[evidence.table]
        line = next((one.label for one in table.rows if one.at == evidence.row), "")
        head = next((one.head for one in table.columns if one.at == evidence.column), "")
        return ", ".join(filter(None, (line, head)))

    def text(self, span: Span) -> str:
        return self.source.text[span[0] - self.start : span[1] - self.start]


def window(
    text: str,
    start: int,
    tables: Sequence[Rows],
    *,
    company: tuple[str, ...],
    year: int = 0,
    quarter: int = 0,
) -> Window:
    """Of ``text``, which begins at ``start`` of the document; ``tables``: stored rows of cells, as
    far as they are printed within it."""
    made: list[Table] = []
    cells: dict[tuple[int, int, int], Span] = {}
    for number, rows in enumerate(tables):
        printed, places = _printed(rows, text, start)
        made.append(Table.of(printed, _caption(rows, text, start)))
        cells |= {(number, *place): span for place, span in places.items()}
    return Window(start, Source(text, tuple(made), company, year, quarter), cells)


def _printed(
    rows: Rows, text: str, start: int
) -> tuple[list[list[str]], dict[tuple[int, int], Span]]:
    """Rows of texts, a column for each that a person sees."""
    placed = [[cell for cell in spans(row) if start <= cell.start] for row in rows]
    columns = columns_of(placed)
    found: list[list[str]] = []
    places: dict[tuple[int, int], Span] = {}
    for at, row in enumerate(placed):
        line = [""] * len(columns)
        for cell in row:
            column = next(
                (n for n, (a, b) in enumerate(columns) if a < cell.right and cell.left < b), 0
            )
            line[column] = f"{line[column]} {text[cell.start - start : cell.end - start]}".strip()
            places.setdefault((at, column), (cell.start, cell.end))
        found.append(line)
    return found, places


def _caption(rows: Rows, text: str, start: int) -> str:
    """The line above the table, which often says what its figures are counted in."""
    first = next((cell[0] for row in rows for cell in row), start)
    above = text[: max(0, first - start)].rstrip()
    return above.rpartition("\n")[2][-300:]
