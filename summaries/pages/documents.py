"""What a document's page says beside its text: its versions, its note, how it is dated."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User

from summaries.models import Document, ResearchNote
from summaries.pages import research

Kind = Document.Kind

# Our own renderings of figures: a line each, shown as typed.
LISTED = (Kind.STATEMENTS, Kind.SECTOR)


@dataclass(frozen=True)
class Note:
    """The research note that a document is the text of."""

    note: ResearchNote
    lines: tuple[research.Line, ...]


def note_of(document: Document) -> Note | None:
    note = getattr(document, "note", None)
    return Note(note, tuple(research.lines(note))) if note else None


def source_url(document: Document) -> str:
    """The original at the SEC; empty for what isn't there: a feed's address may hold a secret."""
    if document.filing is None:
        return ""
    if document.origin_url.startswith("https://www.sec.gov/"):
        return document.origin_url
    return document.filing.sec_url


def newer(document: Document, reader: User | AnonymousUser) -> Document | None:
    """The version in force of a document that isn't; None of one that is, or without another."""
    if document.is_current:
        return None
    readable = Document.objects.readable_by(reader).defer("text")
    if note := getattr(document, "note", None):
        current = ResearchNote.objects.in_force().filter(
            plan=note.plan_id, source_id=note.source_id
        )
        return readable.filter(note__in=current).first()
    return (
        readable.current()
        .filter(
            kind=document.kind, stock=document.stock_id, filing=document.filing_id,
            name=document.name,
        )
        .exclude(pk=document.pk)
        .first()
    )  # fmt: skip
