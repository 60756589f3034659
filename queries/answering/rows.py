"""Questions with their documents as JSON lines, and the answers to them.

A row: ``{"id": "a1", "question": "What was revenue in 2024?", "documents": [{"text": "…", "tables":
[[["", "2024"], ["Revenue", "4.2"]]]}]}``; ``tables`` may be one table, a list of rows, and may be
null or missing, and so may the text where there is a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from queries.answering.values import Found, Place, Unsaid
from queries.values import LONGEST_QUESTION
from summaries.verification.documents.piped import piped_tables
from summaries.verification.documents.rows import Malformed, each_read, id_of, object_of
from summaries.verification.documents.sources import Source, source_of
from summaries.verification.documents.tables import Table
from summaries.verification.verdicts import Verdict

Rows = list[list[str]]


@dataclass(frozen=True)
class QuestionRow:
    id: str
    question: str
    sources: tuple[Source, ...]


def read_rows(lines: Iterable[str]) -> Iterator[tuple[int, QuestionRow | Malformed]]:
    """Each line's number, from 1, and its row, or what is wrong with it. Empty lines are no rows."""
    return each_read(lines, read_row)


def read_row(line: str) -> QuestionRow:
    """Raises Malformed."""
    row = object_of(line)
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        raise Malformed('it has no "question"')
    if len(question) > LONGEST_QUESTION:
        raise Malformed(f"its question is longer than {LONGEST_QUESTION:,} characters")
    named = id_of(row)
    documents = row.get("documents")
    if not isinstance(documents, list) or not documents:
        raise Malformed('it has no "documents"')
    return QuestionRow(named, question, tuple(map(_source, documents)))


def _source(document: Any) -> Source:
    if not isinstance(document, dict):
        raise Malformed('one of its "documents" is not an object')
    text = document.get("text")
    if text is not None and not isinstance(text, str):
        raise Malformed('the "text" of a document is not a text')
    tables = _tables(document.get("tables"))
    if not (text or "").strip() and not tables:
        raise Malformed('one of its "documents" has neither "text" nor "tables"')
    if len(tables) < 2:
        return source_of(text or "", tables[0] if tables else None)
    return Source(text or "", (*map(Table.of, tables), *piped_tables(text or "")))


def _tables(given: Any) -> list[Rows]:
    """One table, or several."""
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, list) for one in given):
        raise Malformed('the "tables" of a document are no list of tables or rows')
    is_several = any(isinstance(cell, list) for one in given for cell in one)
    return [made for one in (given if is_several else [given]) if (made := _rows(one))]


def _rows(given: list[Any]) -> Rows:
    if not all(isinstance(row, list) for row in given):
        raise Malformed('one of the "tables" of a document is not a list of rows')
    return [["" if cell is None else str(cell) for cell in row] for row in given]


def told(row: QuestionRow, made: Found | Unsaid, seconds: float) -> dict[str, Any]:
    """The row of the output. ``citations`` of what isn't said are what is close."""
    places = made.close if isinstance(made, Unsaid) else made.places
    answer = made if isinstance(made, Found) else None
    return {
        "id": row.id,
        "answer": _answer(answer) if answer else None,
        "value": _number(answer.value) if answer and answer.value is not None else None,
        "unit": answer.unit if answer else "",
        "scale": answer.scale if answer else "",
        "verdict": (answer.verdict if answer else Verdict.NOT_FOUND).value,
        "text": made.text,
        "formula": answer.formula if answer else "",
        "citations": [_citation(one) for one in places],
        "seconds": round(seconds, 6),
    }


def _answer(found: Found) -> str | list[str]:
    return list(found.parts) if len(found.parts) > 1 else found.answer


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _citation(place: Place) -> dict[str, Any]:
    return {
        "document": place.document, "start": place.start, "end": place.end, "quote": place.quote,
        "table": place.table, "row": place.row, "column": place.column,
    }  # fmt: skip
