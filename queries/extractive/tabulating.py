"""Rows of the evidence's tables that are named as a question names its matter. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.evidence.pieces import Piece
from queries.evidence.wanted import Wanted
from summaries.marking.library import Found
from summaries.verification.documents.tables import Cell, Row, Table
from summaries.verification.documents.words import stems_of
from summaries.verification.names import MEASURES
from summaries.verification.terms import Plain

MOST_CELLS = 4
# Of the words of a row's label: a row on something else may have one of the question's too.
NAMED = 0.5
Span = tuple[int, int]


def rows(piece: Piece, wanted: Wanted) -> Iterator[tuple[str, Span, frozenset[str], int]]:
    """What each row says as a sentence, its span in the document, the question's words that its
    label has, and how many of its columns are of the years asked for.

    A row of a table on something else than the measures asked for says nothing of them.
    """
    if piece.found is None:
        return
    for number, table in enumerate(piece.found.window.source.tables):
        about = stems_of(f"{table.caption} {piece.found.passage.heading}")
        for row in table.rows:
            covered = wanted.left & row.stems
            if len(covered) >= NAMED * len(row.stems) > 0 and names_one(
                about | stems_of(row.path), wanted.measures
            ):
                cells = _cells(row, table, wanted)
                span = _span(piece.found, number, row, cells)
                if cells and span:
                    years = sum(bool(one.years & wanted.years) for one in cells)
                    yield _sentence(row, cells, table, piece.found), span, covered, years


def names_one(said: frozenset[str], measures: Sequence[str]) -> bool:
    """Whether stems name one of the measures by any of its names; where none is asked for, True."""
    if not measures:
        return True
    phrases = (
        phrase
        for phrase, term in MEASURES.items()
        if isinstance(term, Plain) and term.key in measures
    )
    return any((stems := stems_of(phrase)) and stems <= said for phrase in phrases)


def _cells(row: Row, table: Table, wanted: Wanted) -> list[Cell]:
    """Those of the years asked for, or of any where none is; no changes between columns."""
    plain = {one.at for one in table.columns if not one.is_change and not one.is_percent}
    found = [one for one in row.cells.values() if one.column in plain and one.years]
    if wanted.years:
        found = [one for one in found if one.years & wanted.years]
    return found[:MOST_CELLS]


def _span(found: Found, table: int, row: Row, cells: Sequence[Cell]) -> Span | None:
    places = [found.window.cells.get((table, row.at, one.column)) for one in cells]
    spans = [one for one in places if one is not None]
    if len(spans) != len(cells) or not spans:
        return None
    label = found.window.cells.get((table, row.at, 0))
    start = min(one[0] for one in (*spans, *((label,) if label else ())))
    return start, max(one[1] for one in spans)


def _sentence(row: Row, cells: Sequence[Cell], table: Table, found: Found) -> str:
    told = [f"{one.text.strip()} for {max(one.years)}" for one in cells]
    figures = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    scale = next((word for word in ("thousands", "millions", "billions")
                  if word in table.caption.lower()), "")  # fmt: skip
    what = " – ".join((*row.sections[-1:], row.label))
    return f"A table of the {found.source} gives “{what}” as {figures}{f' (in {scale})' if scale else ''}."
