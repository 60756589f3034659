"""Research notes on a stock, for who holds their licence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser, User

from summaries.models import ResearchIssuer, ResearchNote, Stock
from summaries.pages.notation import price

SHOWN = 8


@dataclass(frozen=True)
class Line:
    """What a note says of the stock."""

    note: ResearchNote
    issuer: ResearchIssuer
    others: int  # companies that the note speaks of beside it

    @property
    def analysts(self) -> str:
        named = [one.get("name", "") for one in self.note.analysts]
        return ", ".join(filter(None, named[:3])) + (" and others" if len(named) > 3 else "")

    @property
    def rating(self) -> str:
        return _word(self.issuer.rating_words, self.issuer.rating)

    @property
    def prior_rating(self) -> str:
        """The rating before, where it was another."""
        before = _word(self.issuer.prior_rating_words, self.issuer.prior_rating)
        return before if before != self.rating else ""

    @property
    def target(self) -> str:
        return price(self.issuer.target_price, self.issuer.currency)

    @property
    def prior_target(self) -> str:
        if self.issuer.prior_target_price == self.issuer.target_price:
            return ""
        return price(self.issuer.prior_target_price, self.issuer.currency)

    @property
    def target_change(self) -> Decimal | None:
        """As a fraction of the target before; None where either lacks."""
        now, before = self.issuer.target_price, self.issuer.prior_target_price
        return now / before - 1 if now is not None and before else None


def notes(stock: Stock, reader: User | AnonymousUser) -> list[Line]:
    """Notes in force that the reader's licences cover, the newest first."""
    found = (
        ResearchNote.objects.readable_by(reader)
        .in_force()
        .filter(issuers__stock=stock)
        .select_related("document")
        .defer("document__text", "disclosures", "synopsis")
        .prefetch_related("issuers")
        .distinct()[:SHOWN]
    )
    return [line(note, stock) for note in found]


def line(note: ResearchNote, stock: Stock) -> Line:
    issuers = list(note.issuers.all())
    own = next(one for one in issuers if one.stock_id == stock.pk)
    return Line(note, own, len(issuers) - 1)


def lines(note: ResearchNote) -> list[Line]:
    """Of each company that the note speaks of."""
    issuers = list(note.issuers.select_related("stock"))
    return [Line(note, one, len(issuers) - 1) for one in issuers]


def _word(brokers: str, standards: str) -> str:
    """The broker's own word says more than the standard's."""
    return brokers or standards.replace("_", " ")
