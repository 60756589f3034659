"""What is new of a stock: filings and research lately public, and the newest figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.urls import reverse

from queries.quick import phrasing, rows
from queries.quick.held import Held
from queries.quick.measured import measured
from queries.quick.research import newest, of_note, published_on
from queries.quick.spans import latest
from queries.quick.spoken import Found, unsaid
from queries.values import Citation, Claim
from summaries.models import Document, Filing
from summaries.models.stocks import NEW_YORK
from summaries.statements import day

MOST_FILINGS, MOST_NOTES = 3, 3
FRESH = timedelta(days=120)
MEASURES = ("revenue", "net_income", "diluted_eps")


def news(held: Held) -> Found:
    claims = [*_filed(held), *_written(held), *_reported(held)]
    if not claims:
        return unsaid(f"Nothing of {held.name} became public in what we hold.")
    return Found(tuple(claims))


def _filed(held: Held) -> Iterator[Claim]:
    """The newest filings, by the day that they were filed."""
    filings = held.stock.filings.filter(filed__lte=held.at.astimezone(NEW_YORK).date())
    for filing in filings.order_by("-filed", "-pk")[:MOST_FILINGS]:
        if filing.filed is None:
            continue
        of = f" for the period to {day(filing.period_end)}"
        text = f"{held.name} filed a {filing.form}{of} on {day(filing.filed)}."
        days = [filing.filed, filing.period_end]
        claim = rows.told(
            text, values=[], days=days, citation=_of_filing(held, filing),
            named=[held.name, filing.form],
        )  # fmt: skip
        if claim:
            yield claim


def _of_filing(held: Held, filing: Filing) -> Citation:
    readable = Document.objects.readable_by(held.reader).current().public(held.at)
    document = readable.filter(filing=filing).defer("text").order_by("pk").first()
    filed = f"filed {day(filing.filed)}" if filing.filed else ""
    return Citation(
        source="filing",
        label=f"{filing.form} {filed}".strip(),
        url=reverse("summaries:document", args=[document.pk]) if document else filing.sec_url,
        quote=filing.accession or filing.form,
        dated=f"period to {day(filing.period_end)}",
        document=document.pk if document else None,
    )


def _written(held: Held) -> Iterator[Claim]:
    """Research of the last months."""
    fresh = (one for one in newest(held) if held.at - one.note.published_at <= FRESH)
    for one in islice(fresh, MOST_NOTES):
        note, on = one.note, published_on(one.note)
        text = f"{note.publisher} published “{note.title}” on {day(on)}."
        named = [note.publisher, note.title]
        claim = rows.told(
            text, values=[], days=[on], citation=of_note(note, note.title), named=named
        )
        if claim:
            yield claim


def _reported(held: Held) -> Iterator[Claim]:
    """The newest period's figures beside those of a year earlier."""
    for period in latest(held.book)[-1:]:
        before = held.book.year_before(period)
        for key in MEASURES:
            now = measured(held, key, period)
            then = measured(held, key, before) if before else None
            if now and (claim := phrasing.moved(now, then) if then else phrasing.level(now)):
                yield claim
