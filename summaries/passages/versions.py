"""When a version of a document was the one that the world could read.

A version holds from the moment it became public until the next one did. One that never was the
newest public one, or that its publisher took back, has no passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from summaries.models import Document, ResearchNote


@dataclass(frozen=True)
class Version:
    pk: int
    public_at: datetime
    is_current: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Holding:
    """A version that can be found. ``until``: when another took its place; None for the newest."""

    until: datetime | None


def locked(document: Document) -> list[Version]:
    """All versions of the document, locked against another indexer until the transaction ends."""
    rows = (
        Document.objects.filter(_same(document))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    return [
        Version(*row) for row in rows.values_list("pk", "public_at", "is_current", "withdrawn_at")
    ]


def _same(document: Document) -> Q:
    if document.kind == Document.Kind.RESEARCH:
        note = ResearchNote.objects.filter(document=document).first()
        if note is not None:
            return Q(note__plan=note.plan_id, note__source_id=note.source_id)
        return _named(document, Q(plan=document.plan_id))
    same = Q(stock=document.stock_id, filing=document.filing_id)
    return Q(kind=document.kind, name=document.name) & same if document.filing_id else (
        _named(document, same)
    )  # fmt: skip


def _named(document: Document, same: Q) -> Q:
    """A document without filing or name has no other versions."""
    if not document.name:
        return Q(pk=document.pk)
    return Q(kind=document.kind, name=document.name, filing=None) & same


def holdings(versions: Sequence[Version]) -> dict[int, Holding]:
    """By primary key, the versions that can be found; the others are left out."""
    order = sorted(versions, key=lambda one: (one.is_current, one.public_at, one.pk))
    if not order or (order[-1].is_current and order[-1].withdrawn_at):
        return {}
    found: dict[int, Holding] = {}
    until: datetime | None = None
    for version in reversed(order):
        if version.withdrawn_at is None and (
            version.is_current or (until is not None and version.public_at < until)
        ):
            found[version.pk] = Holding(None if version.is_current else until)
        until = min(until, version.public_at) if until else version.public_at
    return found
