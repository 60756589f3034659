"""Claims with their sources as JSON lines, and the verdicts on them.

A row: ``{"id": "a1", "claim": "Revenue was $4.2 million in 2024.", "source_text": "…",
"source_table": [["", "2024"], ["Revenue", "4.2"]], "source_meta": {"company": "…"}}``; the table
and the meta data may be null or missing, and so may the text where there is a table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from summaries.verification.documents.sources import Source, source_of

T = TypeVar("T")
LONGEST_CLAIM = 20_000  # characters


class Malformed(ValueError):
    """A row that can't be read; says what is wrong with it."""


@dataclass(frozen=True)
class ClaimRow:
    id: str
    claim: str
    source: Source


def read_rows(lines: Iterable[str]) -> Iterator[tuple[int, ClaimRow | Malformed]]:
    """Each line's number, from 1, and its row, or what is wrong with it. Empty lines are no rows."""
    return each_read(lines, read_row)


def each_read(
    lines: Iterable[str], read: Callable[[str], T]
) -> Iterator[tuple[int, T | Malformed]]:
    """The same of any rows that ``read`` makes of a line; it raises Malformed."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, read(line)
        except Malformed as wrong:
            yield number, wrong


def read_row(line: str) -> ClaimRow:
    """Raises Malformed."""
    row = object_of(line)
    claim = row.get("claim")
    if not isinstance(claim, str) or not claim.strip():
        raise Malformed('it has no "claim"')
    if len(claim) > LONGEST_CLAIM:
        raise Malformed(f"its claim is longer than {LONGEST_CLAIM:,} characters")
    named = id_of(row)
    text, table, meta = row.get("source_text"), row.get("source_table"), row.get("source_meta")
    if text is not None and not isinstance(text, str):
        raise Malformed('"source_text" is not a text')
    if meta is not None and not isinstance(meta, dict):
        raise Malformed('"source_meta" is not an object')
    rows = _table(table)
    if not (text or "").strip() and not rows:
        raise Malformed('it has neither "source_text" nor "source_table"')
    return ClaimRow(named, claim, source_of(text or "", rows, meta=meta))


def object_of(line: str) -> dict[str, Any]:
    """Raises Malformed."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"it is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise Malformed("it is not an object")
    return row


def id_of(row: Mapping[str, Any]) -> str:
    """Raises Malformed."""
    named = row.get("id")
    if not isinstance(named, str | int) or isinstance(named, bool) or named == "":
        raise Malformed('it has no "id"')
    return str(named)


def _table(table: Any) -> list[list[str]]:
    if table is None:
        return []
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise Malformed('"source_table" is not a list of rows')
    return [["" if cell is None else str(cell) for cell in row] for row in table]
