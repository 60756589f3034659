"""A stored document's sections and tables, as its reader gave them."""

from __future__ import annotations

from summaries.filings.reading import Cell, Section, Table
from summaries.models import Document


def parts(document: Document) -> tuple[list[Section], list[Table]]:
    """Sections and tables as they were read, from the rows that keep them."""
    sections = [
        Section(one.item, one.name, one.title, one.start, one.end)
        for one in document.sections.all()
    ]
    tables = [
        Table(one.start, one.end, tuple(tuple(Cell(*cell) for cell in row) for row in one.rows))
        for one in document.tables.all()
    ]
    return sections, tables
