"""Chunks and their words to the database: many rows in one go, by COPY."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import connection

from summaries.chunking import Chunk as Span
from summaries.models import Chunk, Document, TermVector
from summaries.passages.terms import sparse, tsvector, weights, words

# Chunks whose words are in memory at once.
BATCH = 500

CHUNK = (
    "id", "document_id", "stock_id", "plan_id", "kind", "form", "public_at", "position", "item",
    "heading", "start", "end", "text", "sha256", "is_table",
)  # fmt: skip
TERMS = ("chunk_id", "document_id", "tsv", "weights")
_chunk_row = attrgetter(*CHUNK)


def made(document: Document, spans: Sequence[Span]) -> list[Chunk]:
    """The chunks of a document, not stored yet."""
    form = document.filing.form if document.filing else ""
    return [
        Chunk(
            document=document, stock_id=document.stock_id, plan_id=document.plan_id,
            kind=document.kind, form=form, public_at=document.public_at, position=position,
            item=span.item[:12], heading=span.heading[:200], start=span.start, end=span.end,
            text=document.text[span.start : span.end], is_table=span.is_table,
            sha256=sha256(span.heading[:200], document.text[span.start : span.end]),
        )
        for position, span in enumerate(spans)
    ]  # fmt: skip


def sha256(heading: str, text: str) -> str:
    return hashlib.sha256(f"{heading}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Weighed:
    """A chunk's words as the database reads them: a tsvector, a sparse vector."""

    tsv: str
    weights: str


def write(chunks: Sequence[Chunk]) -> None:
    """Store new chunks with their words, giving them their keys. Call it in a transaction."""
    for start in range(0, len(chunks), BATCH):
        batch = chunks[start : start + BATCH]
        store(batch, weighed(batch))


def weighed(chunks: Sequence[Chunk]) -> list[Weighed]:
    said = words([chunk.embedded_text for chunk in chunks])
    return [Weighed(tsvector(one.lexemes), sparse(weights(one))) for one in said]


def store(chunks: Sequence[Chunk], terms: Sequence[Weighed]) -> None:
    """Two COPYs for all rows, however many. Call it in a transaction."""
    for chunk, pk in zip(chunks, keys(len(chunks)), strict=True):
        chunk.pk = pk
    copy(Chunk._meta.db_table, CHUNK, map(_chunk_row, chunks))
    copy(
        TermVector._meta.db_table,
        TERMS,
        (
            (chunk.pk, chunk.document_id, one.tsv, one.weights)
            for chunk, one in zip(chunks, terms, strict=True)
        ),
    )


def keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Chunk._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN") as pipe,
    ):
        for row in rows:
            pipe.write_row(row)
