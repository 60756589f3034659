"""What research says of a stock in figures: ratings and target prices, for who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from queries.quick import rows
from queries.quick.held import Held
from queries.quick.spoken import Found, unsaid
from queries.values import Citation, Claim
from summaries.models import ResearchNote
from summaries.models.stocks import NEW_YORK
from summaries.pages.notation import price
from summaries.pages.research import Line, line
from summaries.statements import day

MOST_NOTES = 6


def ratings(held: Held) -> Found:
    """Of each publisher the newest word, newest first."""
    claims = [claim for one in newest(held) if (claim := _rated(held, one))]
    if not claims:
        return unsaid(
            f"No research that you may read rates {held.name} or has a target price for it."
        )
    return Found(tuple(claims[:MOST_NOTES]))


def newest(held: Held) -> Iterator[Line]:
    """The newest note of each publisher, as of the moment."""
    heard: set[str] = set()
    for note in _notes(held)[: 4 * MOST_NOTES]:
        if note.publisher not in heard:
            heard.add(note.publisher)
            yield line(note, held.stock)


def _notes(held: Held) -> QuerySet[ResearchNote]:
    """Notes that the reader may read, with the version that stood at the moment. A note that was
    taken back since is left out whenever it is asked for."""
    known = ResearchNote.objects.readable_by(held.reader).filter(
        issuers__stock=held.stock, status_at__lte=held.at, published_at__lte=held.at
    )
    last = known.order_by("plan_id", "source_id", "-status_at", "-pk").distinct(
        "plan_id", "source_id"
    )
    return (
        ResearchNote.objects.filter(pk__in=last.values("pk"), status__in=ResearchNote.READABLE)
        .filter(document__withdrawn_at=None)
        .select_related("document")
        .defer("document__text", "disclosures", "synopsis")
        .prefetch_related("issuers")
        .order_by("-published_at", "-pk")
    )


def published_on(note: ResearchNote) -> date:
    return note.published_at.astimezone(NEW_YORK).date()


def _rated(held: Held, one: Line) -> Claim | None:
    on = published_on(one.note)
    said = [*_rating(one), *_target(one)]
    if not said:
        return None
    text = f"{one.note.publisher} on {held.name}, {day(on)}: {', '.join(said)}."
    issuer = one.issuer
    return rows.told(
        text,
        values=[issuer.target_price, issuer.prior_target_price],
        days=[on],
        citation=of_note(one.note, ", ".join(said)),
        named=[one.note.publisher, held.name, one.rating, one.prior_rating],
    )


def _rating(one: Line) -> Iterator[str]:
    if one.rating:
        before = f" (before {one.prior_rating})" if one.prior_rating else ""
        yield f"rated {one.rating}{before}"


def _target(one: Line) -> Iterator[str]:
    if target := price(one.issuer.target_price, one.issuer.currency):
        before = f" (before {one.prior_target})" if one.prior_target else ""
        yield f"target price {target}{before}"


def of_note(note: ResearchNote, quote: str) -> Citation:
    document = note.document
    return Citation(
        source="research",
        label=f"research of {note.publisher}",
        url=reverse("summaries:document", args=[document.pk]) if document else "",
        quote=quote,
        dated=day(published_on(note)),
        document=document.pk if document else None,
    )
