"""A company at EDGAR: its list of filings, its reported facts, and the documents it filed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from summaries.corpus import Stored, held_origin, store_reading, to_filing
from summaries.filings import UnreadableFiling, read
from summaries.ingest.work import Work
from summaries.loading import load_companyfacts
from summaries.models import Filing, Source, SourceItem, Stock
from summaries.sources.edgar import Download, Edgar, NotChanged, Validator, wanted_documents
from summaries.sources.edgar.clock import wanted
from summaries.sources.edgar.listings import ListedFiling
from summaries.sources.errors import Blocked, Malformed, Missing, SourceError

FACTS, LIST = "facts", "list"
State = SourceItem.State


@dataclass(frozen=True)
class Part:
    """A document of a filing. ``type``: the form, or the exhibit's, "EX-99.1"."""

    name: str
    type: str


def ingest_company(stock: Stock, edgar: Edgar, work: Work, *, since: date) -> None:
    """All that the company filed from ``since`` on and that we don't hold yet.

    Raises Blocked where EDGAR wants to be left alone, and what the list of filings raises;
    what goes wrong with one filing is noted with it, and the others go on.
    """
    listing = _list(stock, edgar, work, since)
    for step in (_facts(stock), *(_filing(item) for item in _due(stock))):
        work.keep()
        with work.noting(step.item):
            step(edgar, work)
    if isinstance(listing, SourceError):
        raise listing


@dataclass(frozen=True)
class Step:
    item: SourceItem
    do: Any

    def __call__(self, edgar: Edgar, work: Work) -> None:
        self.do(self.item, edgar, work)


def _item(stock: Stock, key: str, kind: str) -> SourceItem:
    item, _ = SourceItem.objects.get_or_create(
        source=Source.EDGAR, stock=stock, key=key, defaults={"kind": kind}
    )
    return item


def _list(stock: Stock, edgar: Edgar, work: Work, since: date) -> SourceError | None:
    """Note the filings that EDGAR lists. An error is given back: what is known can go on."""
    item = _item(stock, LIST, LIST)
    # A list read for a shorter time doesn't hold what is asked for now.
    same = item.about.get("since", "9999") <= since.isoformat()
    try:
        found = edgar.submissions(stock.cik, since=since, known=_known(item) if same else None)
    except Blocked:
        raise
    except SourceError as error:
        work.mark_failed(item, error)
        return error
    if isinstance(found, NotChanged):
        work.mark_stored(item, is_new=False, **_validator(found.validator))
        return None
    listed = [one for one in found.filings if wanted(one.form) and one.filed >= since]
    _note(stock, listed)
    if found.pages_missing:
        # Not remembered as read: the pages are asked for again the next time.
        work.mark_failed(
            item, Missing(f"EDGAR lacks older pages: {', '.join(found.pages_missing)}")
        )
        return None
    about = {"since": since.isoformat(), "filings": len(listed)}
    work.mark_stored(item, is_new=True, about=about, **_validator(found.validator))
    return None


def _note(stock: Stock, listed: Sequence[ListedFiling]) -> None:
    items = [
        SourceItem(
            source=Source.EDGAR, stock=stock, key=one.accession, kind=one.form[:20],
            public_at=one.accepted_at, about=_said(one),
        )
        for one in listed
    ]  # fmt: skip
    SourceItem.objects.bulk_create(items, batch_size=500, ignore_conflicts=True)


def _said(one: ListedFiling) -> dict[str, Any]:
    return {
        "form": one.form,
        "filed": one.filed.isoformat(),
        "report_date": one.report_date.isoformat() if one.report_date else None,
        "accepted_at": one.accepted_at.isoformat() if one.accepted_at else None,
        "accepted_certain": one.accepted_certain,
        "items": list(one.items),
        "primary_document": one.primary_document,
    }


def _listed(item: SourceItem) -> ListedFiling:
    said = item.about
    return ListedFiling(
        accession=item.key,
        form=said["form"],
        filed=date.fromisoformat(said["filed"]),
        report_date=date.fromisoformat(said["report_date"]) if said["report_date"] else None,
        accepted_at=datetime.fromisoformat(said["accepted_at"]) if said["accepted_at"] else None,
        accepted_certain=said["accepted_certain"],
        items=tuple(said["items"]),
        primary_document=said["primary_document"],
        description="",
        size=0,
        is_inline_xbrl=False,
    )


def _due(stock: Stock) -> Iterator[SourceItem]:
    """Oldest first: what a later filing restates is then there to be restated."""
    items = SourceItem.objects.filter(source=Source.EDGAR, stock=stock)
    return (
        items.exclude(kind__in=(FACTS, LIST)).due(timezone.now()).order_by("public_at", "key").iterator()
    )  # fmt: skip


def _facts(stock: Stock) -> Step:
    return Step(_item(stock, FACTS, FACTS), _store_facts)


def _store_facts(item: SourceItem, edgar: Edgar, work: Work) -> None:
    stock = item.stock
    assert stock is not None  # noqa: S101 - EDGAR's items are a company's
    if item.state == State.FAILED and item.is_permanent and not _is_old(item):
        return
    found = edgar.company_facts(stock.cik, known=_known(item))
    if isinstance(found, NotChanged):
        work.mark_stored(item, is_new=False, **_validator(found.validator))
        return
    try:
        load_companyfacts(found.content, ticker=stock.ticker)
    except ValueError as error:
        raise Malformed(str(error), source=Source.EDGAR) from error
    work.mark_stored(item, is_new=True, **_validator(found.validator))


def _is_old(item: SourceItem) -> bool:
    """A company without reported facts is asked about again after a week."""
    return item.checked_at is None or (timezone.now() - item.checked_at).days >= 7


def _filing(item: SourceItem) -> Step:
    return Step(item, _store_filing)


_COUNTED = ("sections", "tables", "tagged", "printed", "facts")


def _store_filing(item: SourceItem, edgar: Edgar, work: Work) -> None:
    """Store a filing's documents. One that is missing or unreadable for good is named with the
    filing; the others are held all the same. Raises where none is, and what may pass."""
    stock, listed = item.stock, _listed(item)
    assert stock is not None  # noqa: S101 - EDGAR's items are a company's
    filing, parts = to_filing(stock, listed), _parts(edgar, stock.cik, listed)
    stored: dict[str, Stored | None] = {}
    lacking: dict[str, Exception] = {}
    for part in parts:
        work.keep()
        try:
            stored[part.name] = _store_part(filing, part, edgar, item)
        except (Missing, Malformed, UnreadableFiling) as error:
            lacking[part.name] = error
    if not stored and lacking:
        raise next(iter(lacking.values()))
    new = [one for one in stored.values() if one is not None]
    work.mark_stored(
        item,
        is_new=any(one.is_new for one in new),
        lacking="; ".join(str(error) for error in lacking.values()),
        sha256=_digest(filing, stored),
        about={
            **item.about,
            **({name: sum(getattr(one, name) for one in new) for name in _COUNTED} if new else {}),
            "documents": list(stored),
        },
    )


def _digest(filing: Filing, names: Iterable[str]) -> str:
    """Of the bytes of all documents held."""
    return hashlib.sha256(
        " ".join(held_origin(filing, name) for name in names).encode()
    ).hexdigest()


def _store_part(filing: Filing, part: Part, edgar: Edgar, item: SourceItem) -> Stored | None:
    """None where these very bytes are held already."""
    found = edgar.document(filing.stock.cik, filing.accession, part.name)
    assert isinstance(found, Download)  # noqa: S101 - nothing was said to be known
    if held_origin(filing, part.name) == found.validator.sha256:
        return None
    return store_reading(
        filing, read(found.content, form=part.type), name=part.name, description=part.type,
        url=found.url, origin_sha256=found.validator.sha256, first_seen_at=item.first_seen_at,
    )  # fmt: skip


def _parts(edgar: Edgar, cik: int, listed: ListedFiling) -> list[Part]:
    """The documents to read. Only forms that tell their story in exhibits cost a look at the index."""
    primary = [Part(listed.primary_document, listed.form)] if listed.primary_document else []
    if primary and listed.form.removesuffix("/A") in ("10-Q", "10-QT", "20-F"):
        return primary
    try:
        index = edgar.filing_index(cik, listed.accession)
    except Missing:
        if primary:
            return primary
        raise
    return [Part(one.filename, one.type or listed.form) for one in wanted_documents(listed.form, index)] or primary  # fmt: skip


def _known(item: SourceItem) -> Validator | None:
    if not item.sha256:
        return None
    return Validator(item.etag, item.last_modified, item.sha256)


def _validator(said: Validator) -> dict[str, str]:
    return {
        "etag": said.etag[:200],
        "last_modified": said.last_modified[:60],
        "sha256": said.sha256,
    }
