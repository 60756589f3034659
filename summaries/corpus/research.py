"""A research note's versions as rows: under its licence, the newest in force, recalls obeyed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from summaries.actions.publication import withdraw
from summaries.corpus.versions import store_version
from summaries.models import (
    Document,
    Plan,
    ResearchIssuer,
    ResearchNote,
    Stock,
    Summary,
)
from summaries.passages import drop_passages, index_document
from summaries.sources.bluematrix import Note, NotedIssuer, Status

READER = "rixml-1"
_TITLE = Document._meta.get_field("title").max_length or 240


@dataclass(frozen=True)
class StoredNote:
    note: ResearchNote
    is_new: bool


@transaction.atomic
def store_note(note: Note, *, url: str = "") -> StoredNote:
    """Store one version of a note; whichever version is the newest by its status decides.

    A recalled or deleted note, and what was written from it, is withdrawn; its versions stay
    as rows, so that the trail can be followed.
    """
    plan = _plan(note)
    # All versions of a licence's notes go through here one after the other.
    Plan.objects.select_for_update().get(pk=plan.pk)
    source_id = _source_id(plan, note)
    versions = ResearchNote.objects.filter(plan=plan, source_id=source_id)
    newest = versions.order_by("-status_at", "-pk").first()
    if held := _held(versions, newest, note):
        return StoredNote(held, is_new=False)
    version = _free_version(versions, note)
    is_newest = newest is None or (note.status_at >= newest.status_at)
    if is_newest:
        versions.update(is_current=False)
    row = _row(note, plan, source_id, version, is_newest)
    issuers = _issuers(row, note.issuers)
    if note.body.text:
        row.document = _document(note, row, issuers, url)
    row.save()
    for one in issuers:
        one.note = row
    ResearchIssuer.objects.bulk_create(issuers)
    _obey(versions, row if is_newest else newest)
    return StoredNote(row, is_new=True)


def _plan(note: Note) -> Plan:
    plan, _ = Plan.objects.get_or_create(
        code=note.entitlement[:80], defaults={"name": (note.publisher or note.entitlement)[:120]}
    )
    return plan


def _source_id(plan: Plan, note: Note) -> str:
    """A recall may come under another of a note's names: they are one note."""
    names = {note.source_id, *note.also_known_as}
    known = Q(source_id__in=names)
    for name in names:
        known |= Q(also_known_as__contains=[name])
    first = ResearchNote.objects.filter(known, plan=plan).order_by("pk").first()
    return first.source_id if first else note.source_id[:80]


def _held(versions: Any, newest: ResearchNote | None, note: Note) -> ResearchNote | None:
    """The row of the same delivery. A withdrawal heard again is dated anew and says nothing new."""
    if newest and (newest.raw_sha256, newest.status) == (note.raw_sha256, note.status.value):
        return newest
    same: ResearchNote | None = versions.filter(
        version=note.version[:80], raw_sha256=note.raw_sha256
    ).first()
    return same


def _free_version(versions: Any, note: Note) -> str:
    """A note revised twice within a second says the same version of two texts."""
    taken = versions.filter(version=note.version[:80]).exists()
    return f"{note.version[:66]} {note.raw_sha256[:12]}" if taken else note.version[:80]


def _row(note: Note, plan: Plan, source_id: str, version: str, is_newest: bool) -> ResearchNote:
    return ResearchNote(
        source_id=source_id, also_known_as=sorted({note.source_id, *note.also_known_as}),
        version=version, status=note.status.value, is_current=is_newest,
        plan=plan, title=note.title[:300], synopsis=note.synopsis, publisher=note.publisher[:160],
        category=note.category[:120], disclosures=note.disclosures,
        analysts=[
            {"name": one.name, "title": one.title, "is_primary": one.is_primary}
            for one in note.analysts
        ],
        published_at=note.published_at, published_certain=note.published_certain,
        status_at=note.status_at, raw_sha256=note.raw_sha256,
        problems=[*note.problems, *note.body.problems],
    )  # fmt: skip


def _document(note: Note, row: ResearchNote, issuers: list[ResearchIssuer], url: str) -> Document:
    primary = next((one.stock for one in issuers if one.is_primary and one.stock), None)
    document, _ = store_version(
        identity={
            "kind": Document.Kind.RESEARCH,
            "stock": primary or next((one.stock for one in issuers if one.stock), None),
            "filing": None,
            "name": f"{row.plan_id} {row.source_id} {row.version}"[:200],
        },
        text=note.body.text,
        title=row.title[:_TITLE],
        origin_sha256=note.body.sha256,
        origin_url=url[:400],
        reader=READER,
        problems=list(note.body.problems),
        public_at=note.status_at if note.status is Status.REVISED else note.published_at,
        plan=row.plan,
    )
    return document


def _issuers(note: ResearchNote, said: Iterable[NotedIssuer]) -> list[ResearchIssuer]:
    said = list(said)
    stocks = {
        stock.ticker: stock
        for stock in Stock.objects.filter(ticker__in=[one.ticker for one in said])
    }
    return [
        ResearchIssuer(
            note=note, stock=stocks.get(one.ticker), position=place, is_primary=one.is_primary,
            ticker=one.ticker[:24], name=one.name[:160], rating=one.rating[:40],
            rating_words=one.rating_words[:80], prior_rating=one.prior_rating[:40],
            prior_rating_words=one.prior_rating_words[:80], rating_action=one.rating_action[:40],
            target_price=one.target_price, prior_target_price=one.prior_target_price,
            target_action=one.target_action[:40], estimate_action=one.estimate_action[:40],
            coverage_action=one.coverage_action[:40], currency=one.currency[:3],
            estimates=[_plain(estimate) for estimate in one.estimates],
        )
        for place, one in enumerate(said)
    ]  # fmt: skip


def _plain(estimate: Any) -> dict[str, str | None]:
    def text(value: object) -> str | None:
        return None if value is None else str(value)

    return {
        "measure": estimate.measure, "period": estimate.period,
        "period_end": text(estimate.period_end), "value": text(estimate.value),
        "prior": text(estimate.prior), "currency": estimate.currency, "unit": estimate.unit,
    }  # fmt: skip


def _obey(versions: Any, newest: ResearchNote | None) -> None:
    """Bring the documents in line with the newest version: one current, or all withdrawn."""
    if newest is None:
        return
    documents = Document.objects.filter(note__in=versions)
    if newest.status in ResearchNote.READABLE:
        speaks = newest.document_id or 0
        documents.exclude(pk=speaks).update(is_current=False)
        documents.filter(pk=speaks).update(is_current=True, withdrawn_at=None)
        for old in documents.exclude(pk=speaks):
            drop_passages(old)
        if newest.document:
            index_document(newest.document, (), ())
        return
    documents.update(is_current=False, withdrawn_at=newest.status_at)
    for document in documents:
        drop_passages(document)
    _withdraw_derived(documents, newest)


def _withdraw_derived(documents: Any, newest: ResearchNote) -> None:
    derived = Summary.objects.published().filter(claims__citations__document__in=documents)
    for summary in derived.distinct():
        withdraw(
            summary=summary,
            reason=f"A source was {newest.get_status_display()} by its publisher.",
        )
