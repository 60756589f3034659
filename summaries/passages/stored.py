"""Passages of documents that are stored already: reported statements, and what was left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from summaries.models import Document, Stock
from summaries.passages.indexing import Indexed, index_document
from summaries.passages.parts import parts

# Sector figures are ours, about companies, and are found by their numbers.
KINDS = (
    Document.Kind.STATEMENTS,
    Document.Kind.FILING,
    Document.Kind.EXHIBIT,
    Document.Kind.RESEARCH,
)


@dataclass(frozen=True)
class Progress:
    document: Document
    indexed: Indexed


def index_stored(documents: QuerySet[Document] | None = None) -> Iterator[Progress]:
    """Index current documents, each in a transaction of its own; what is indexed stays as it is."""
    chosen = due() if documents is None else documents
    for pk in list(chosen.order_by("pk").values_list("pk", flat=True)):
        document = Document.objects.select_related("filing").filter(pk=pk).first()
        if document is not None:
            yield Progress(document, index_document(document, *parts(document)))


def index_statements(stock: Stock | None = None) -> int:
    """Index the statement documents, of a stock or of all, that search doesn't know yet; returns
    how many it was."""
    statements = due().filter(kind=Document.Kind.STATEMENTS)
    if stock is not None:
        statements = statements.filter(stock=stock)
    return sum(1 for _ in index_stored(statements))


def due() -> QuerySet[Document]:
    """Documents whose passages are missing, or should be gone."""
    current = Q(is_current=True, withdrawn_at=None)
    missing = current & Q(indexed=None)
    left = ~current & Q(indexed__isnull=False) & Q(indexed__until=None)
    withdrawn = Q(indexed__isnull=False, withdrawn_at__isnull=False)
    moved = current & ~Q(indexed__until=None) & Q(indexed__isnull=False)
    return Document.objects.filter(missing | left | withdrawn | moved, kind__in=KINDS)
