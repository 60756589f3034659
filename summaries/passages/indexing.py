"""Documents to passages that search finds; the vectors follow in the background.

Invariant: a document has passages exactly while it is, or once was, the version that the world
could read. Citations point into documents, never at passages, so passages may be made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from summaries.chunking import chunks
from summaries.filings.reading import Section, Table
from summaries.models import Chunk, Document, EmbeddingModel, IndexedDocument
from summaries.passages import rows
from summaries.passages.background import wake
from summaries.passages.parts import parts
from summaries.passages.versions import Holding, holdings, locked

# Raised when the same document would be cut or weighed in another way.
VERSION = "passages-1"


@dataclass(frozen=True)
class Indexed:
    """``chunks``: how many the document has now. ``unchanged``: nothing had to be cut."""

    chunks: int
    unchanged: bool


@transaction.atomic
def index_document(
    document: Document, sections: Sequence[Section] = (), tables: Sequence[Table] = ()
) -> Indexed:
    """Make the document's passages, and bring those of its other versions in line with it.

    A withdrawn document loses its passages, as do versions that nobody could ever read as the
    newest. Two at once on the same document wait for each other.
    """
    held = _settle(document)
    if document.pk not in held:
        return Indexed(0, unchanged=True)
    return _index(document, sections, tables, held[document.pk])


def _index(
    document: Document, sections: Sequence[Section], tables: Sequence[Table], holding: Holding
) -> Indexed:
    fingerprint = _fingerprint(document, sections, tables)
    known = IndexedDocument.objects.filter(document=document).first()
    if known is not None and known.fingerprint == fingerprint:
        _refresh_copies(document)
        return Indexed(known.chunks, unchanged=True)
    _remove([document.pk])
    made = rows.made(document, chunks(document.text, sections, tables))
    rows.write(made)
    IndexedDocument.objects.create(
        document=document, fingerprint=fingerprint, chunks=len(made), until=holding.until
    )
    if made:
        await_vectors(document)
        transaction.on_commit(wake)
    return Indexed(len(made), unchanged=False)


@transaction.atomic
def drop_passages(document: Document) -> None:
    """After a document was withdrawn or replaced: what may no longer be found is gone.

    A version that was only replaced keeps its passages, for questions as of its time.
    """
    _settle(document)


def _settle(document: Document) -> dict[int, Holding]:
    """Passages of all versions in line with the documents; the versions that can be found."""
    versions = locked(document)
    held = holdings(versions)
    indexed_versions = IndexedDocument.objects.filter(document__in=[one.pk for one in versions])
    gone = []
    missing = set(held) - {document.pk}
    for indexed in indexed_versions:
        missing.discard(indexed.pk)
        if indexed.pk not in held:
            gone.append(indexed.pk)
        elif indexed.until != held[indexed.pk].until:
            indexed.until = held[indexed.pk].until
            indexed.save(update_fields=["until"])
    _remove(gone)
    # A version that lost its place to one that came late, and has it again by a third.
    for other in Document.objects.select_related("filing").filter(pk__in=missing):
        _index(other, *parts(other), held[other.pk])
    return held


def _fingerprint(document: Document, sections: Sequence[Section], tables: Sequence[Table]) -> str:
    """The same whether the parts come from reading the document or from the rows that keep them."""
    told = (
        VERSION,
        document.sha256,
        document.reader,
        [(one.item[:12], one.name[:80], one.title[:300], one.start, one.end) for one in sections],
        [(one.start, one.end, len(one.rows)) for one in tables],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _refresh_copies(document: Document) -> None:
    """The columns that passages copy from their document, which may have been corrected."""
    copied = {
        "stock_id": document.stock_id,
        "plan_id": document.plan_id,
        "public_at": document.public_at,
    }
    held = Chunk.objects.filter(document=document)
    if held.values("stock_id", "plan_id", "public_at").first() not in (None, copied):
        held.update(**copied)
        document_vectors = "UPDATE summaries_embedding SET plan_id = %s WHERE document_id = %s"
        with connection.cursor() as cursor:
            cursor.execute(document_vectors, [document.plan_id, document.pk])


def await_vectors(document: Document) -> None:
    """Note the vectors that are to be made, in every space that is filled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO summaries_pendingembedding (model_id, chunk_id)"
            " SELECT model.id, chunk.id FROM summaries_embeddingmodel AS model"
            " CROSS JOIN summaries_chunk AS chunk"
            " WHERE model.state <> %s AND chunk.document_id = %s",
            [EmbeddingModel.State.RETIRED, document.pk],
        )


def _remove(documents: Collection[int]) -> None:
    """Passages, words and vectors of these documents, in as many statements as tables."""
    if not documents:
        return
    chunk_ids = "(SELECT id FROM summaries_chunk WHERE document_id = ANY(%(documents)s))"
    with connection.cursor() as cursor:
        for statement in (
            f"DELETE FROM summaries_pendingembedding WHERE chunk_id IN {chunk_ids}",  # noqa: S608
            f"DELETE FROM summaries_embedding WHERE chunk_id IN {chunk_ids}",  # noqa: S608
            "DELETE FROM summaries_termvector WHERE document_id = ANY(%(documents)s)",
            "DELETE FROM summaries_chunk WHERE document_id = ANY(%(documents)s)",
            "DELETE FROM summaries_indexeddocument WHERE document_id = ANY(%(documents)s)",
        ):
            cursor.execute(statement, {"documents": list(documents)})
