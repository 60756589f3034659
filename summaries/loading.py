"""Reported filings and facts into the database: idempotent, never losing what we had."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from summaries.models import Fact, Filing, Stock
from summaries.names import display_name, short_name
from summaries.sources import bundle
from summaries.sources.bundle import Listing
from summaries.sources.companyfacts import (
    Reported,
    ReportedFact,
    ReportedFiling,
    merged,
    parse,
)


@dataclass(frozen=True)
class Loaded:
    """What a load did; ``facts`` counts rows read, not rows new."""

    ticker: str
    filings: int
    facts: int
    changed: bool


def load_listings(rows: Iterable[Listing]) -> int:
    """Insert or update stocks by ticker; returns how many rows were read."""
    stocks = [
        Stock(
            ticker=row.ticker, cik=row.cik, name=row.name, exchange=row.exchange,
            sic=row.sic, sector=row.sector, industry=row.industry,
        )
        for row in rows
    ]  # fmt: skip
    Stock.objects.bulk_create(
        stocks,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["ticker"],
        update_fields=["cik", "name", "exchange", "sic", "sector", "industry"],
    )
    return len(stocks)


def load_bundle_file(path: Path) -> list[Loaded]:
    """Facts of one company for each of its tickers. Raises MalformedFacts."""
    content = path.read_bytes()
    cik = int(path.name.removeprefix("CIK").partition(".")[0])
    digest = hashlib.sha256(content).hexdigest()
    stocks = list(Stock.objects.filter(cik=cik))
    if all(stock.loaded_hash == digest for stock in stocks):
        return [Loaded(stock.ticker, 0, 0, changed=False) for stock in stocks]
    reported = bundle.load(content, name=path.name)
    return [_store(stock, reported, digest) for stock in stocks]


def load_companyfacts(content: bytes, *, ticker: str, name: str = "", sic: str = "") -> Loaded:
    """Facts from one SEC companyfacts JSON; makes the stock where it is unknown.

    Raises MalformedFacts, or ValueError where the ticker belongs to another registrant.
    """
    cik, registrant, reported = parse(content)
    stock, _ = Stock.objects.get_or_create(
        ticker=ticker.upper(),
        defaults={"cik": cik, "name": display_name(name or registrant), "sic": sic},
    )
    if stock.cik != cik:
        raise ValueError(
            f"{stock.ticker} is CIK {stock.cik} ({short_name(stock.name)}), "
            f"the file is of CIK {cik} ({registrant}). Check the ticker or the file."
        )
    return _store(stock, merged(reported), hashlib.sha256(content).hexdigest())


@transaction.atomic
def _store(stock: Stock, reported: list[Reported], digest: str) -> Loaded:
    filings = [filing_row(stock, one.filing) for one in reported]
    facts = [
        fact
        for filing, one in zip(filings, reported, strict=True)
        for fact in _facts(filing, one.facts)
    ]
    Fact.objects.bulk_create(
        facts,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["filing", "concept", "unit", "start", "end"],
        update_fields=["value"],
    )
    Stock.objects.filter(pk=stock.pk).update(loaded_hash=digest)
    return Loaded(stock.ticker, len(filings), len(facts), changed=True)


def _facts(filing: Filing, reported: Iterable[ReportedFact]) -> list[Fact]:
    return [
        Fact(
            stock=filing.stock, filing=filing, concept=fact.concept, unit=fact.unit,
            start=fact.period.start, end=fact.period.end, value=fact.value,
        )
        for fact in reported
    ]  # fmt: skip


def add_facts(filing: Filing, reported: Iterable[ReportedFact]) -> int:
    """Facts that the filing doesn't have yet; those it has stay. Returns how many are new."""
    held = Fact.objects.filter(filing=filing)
    before = held.count()
    Fact.objects.bulk_create(_facts(filing, reported), batch_size=2000, ignore_conflicts=True)
    return held.count() - before


def filing_row(stock: Stock, said: ReportedFiling) -> Filing:
    """The filing's row: by accession, else by form, period and date, else a new one."""
    held = _held(stock, said)
    if held is None:
        return Filing.objects.create(
            stock=stock,
            **_identity(said),
            fiscal_year=said.fiscal_year,
            fiscal_period=said.fiscal_period,
        )
    held.accession = held.accession or said.accession
    held.filed = held.filed or said.filed
    held.fiscal_year = said.fiscal_year or held.fiscal_year
    held.fiscal_period = said.fiscal_period or held.fiscal_period
    held.save(update_fields=["accession", "filed", "fiscal_year", "fiscal_period"])
    return held


def _held(stock: Stock, said: ReportedFiling) -> Filing | None:
    """The row of the same filing; what one source doesn't know of it doesn't tell them apart."""
    filings = Filing.objects.filter(stock=stock)
    if said.accession and (same := filings.filter(accession=said.accession).first()):
        return same
    alike = filings.filter(form=said.form, period_end=said.period_end)
    if said.accession:
        alike = alike.filter(accession="")
    if said.filed:
        alike = alike.filter(Q(filed=said.filed) | Q(filed=None))
    return alike.first()


def _identity(filing: ReportedFiling) -> dict[str, Any]:
    return {
        "accession": filing.accession,
        "form": filing.form,
        "period_end": filing.period_end,
        "filed": filing.filed,
    }
