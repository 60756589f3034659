"""From the tables to the pure values that writing and verification work on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db import connection
from django.utils import timezone

from summaries.benchmark import Benchmark, BenchmarkRow
from summaries.company import Company
from summaries.digests import facts_digest
from summaries.factbook import Fact, FactBook, Filing
from summaries.measures import ITEMS
from summaries.models import Fact as FactRow
from summaries.models import SectorSnapshot, Stock
from summaries.names import display_name, short_name
from summaries.periods import Period

_COLUMNS = (
    "pk", "concept", "unit", "start", "end", "value", "filing_id", "filing__form",
    "filing__period_end", "filing__filed", "filing__accession", "filing__fiscal_year",
)  # fmt: skip


def company(stock: Stock) -> Company:
    return Company.named(stock.name, stock.ticker)


def fact_book(
    stock: Stock, *, at: datetime | None = None, items: Collection[str] | None = None
) -> FactBook:
    """The stock's facts as known ``at`` a moment (default now); of these line items, or of all."""
    rows = FactRow.objects.known(at or timezone.now()).filter(stock=stock)
    if items is not None:
        rows = rows.filter(
            concept__in=[c for one in ITEMS if one.key in items for c in one.concepts]
        )
    filings: dict[int, Filing] = {}
    facts = []
    for pk, concept, unit, start, end, value, filing_id, *told in rows.values_list(*_COLUMNS):
        if filing_id not in filings:
            form, period_end, filed, accession, fiscal_year = told
            filings[filing_id] = Filing(
                filing_id, form, period_end, filed, accession or None, fiscal_year
            )
        facts.append(Fact(pk, concept, unit, Period(end, start), value, filings[filing_id]))
    return FactBook(facts)


def inputs_hash(stock: Stock, snapshot: SectorSnapshot | None, *, version: str) -> str:
    """What a summary rests on: the stock's name and trade, its facts as they now stand, the
    sector snapshot, and the ``version`` of writer and verifier."""
    parts = (
        version, stock.name, stock.sic, stock.industry, str(snapshot and snapshot.pk),
        facts_digest(stock),
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def current_snapshot(sector: str) -> SectorSnapshot | None:
    return SectorSnapshot.objects.filter(sector=sector).first() if sector else None


def benchmark(snapshot: SectorSnapshot | None) -> Benchmark | None:
    if snapshot is None:
        return None
    rows = tuple(
        BenchmarkRow(
            ticker=row["ticker"],
            name=row["name"],
            measure=row["measure"],
            year_end=date.fromisoformat(row["year_end"]),
            value=Decimal(row["value"]),
            fact_ids=tuple(row["fact_ids"]),
        )
        for row in snapshot.rows
    )
    return Benchmark(snapshot.sector, snapshot.taken_at.date(), rows, snapshot.document_id)


_STAMP = (
    "SELECT count(*), max(id), sum(hashtext(ticker || ' ' || name)::bigint) FROM summaries_stock"
)


@dataclass(frozen=True, eq=False)
class Listed:
    """All known companies. ``rows``: ticker and name, by ticker."""

    rows: tuple[tuple[str, str], ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """Tickers, names and short names."""
        return frozenset(
            one
            for ticker, name in self.rows
            for one in (ticker, display_name(name), short_name(name))
        )


_listed: tuple[object, Listed] | None = None
_one_listing: ContextVar[list[Listed] | None] = ContextVar("one_listing", default=None)


@contextmanager
def one_listing() -> Iterator[None]:
    """Within it the companies are looked up once: what is worked out is about one list of them."""
    token = _one_listing.set([])
    try:
        yield
    finally:
        _one_listing.reset(token)


def listed() -> Listed:
    """The same object until a ticker or a name changes."""
    found = _one_listing.get()
    if found is None:
        return _as_it_is()
    if not found:
        found.append(_as_it_is())
    return found[0]


def _as_it_is() -> Listed:
    global _listed
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        stamp = cursor.fetchone()
    if _listed is None or _listed[0] != stamp:
        rows = Stock.objects.order_by("ticker").values_list("ticker", "name")
        _listed = stamp, Listed(tuple(rows))
    return _listed[1]


def other_names() -> frozenset[str]:
    """Names and tickers of all known companies."""
    return listed().names
