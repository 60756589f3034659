"""The bundled companies as pure values, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from summaries.benchmark import Benchmark, company_rows, comparable
from summaries.company import Company
from summaries.factbook import Fact, FactBook, Filing
from summaries.names import display_name, short_name
from summaries.profiles import Profile, profile
from summaries.sources import bundle
from summaries.verification import Sources
from summaries.writing import Draft, NotEnoughFacts, write

BUNDLE = Path(__file__).parents[2] / "summaries" / "bundle"


@dataclass(frozen=True)
class Bundled:
    company: Company
    profile: Profile
    sector: str
    book: FactBook


@cache
def companies() -> tuple[Bundled, ...]:
    listed = {row.cik: row for row in bundle.listings(BUNDLE / "universe.csv")}
    made = []
    for path in sorted((BUNDLE / "facts").glob("CIK*.csv.gz")):
        row = listed[int(path.name[3:13])]
        made.append(
            Bundled(
                Company.named(row.name, row.ticker),
                profile(row.sic, row.industry),
                row.sector,
                FactBook(_facts(path)),
            )
        )
    return tuple(made)


def company(ticker: str) -> Bundled:
    return next(one for one in companies() if one.company.ticker == ticker)


@cache
def benchmark_of(sector: str) -> Benchmark | None:
    """The sector's snapshot over the bundled companies."""
    rows = comparable(
        row
        for one in companies()
        if one.sector == sector
        for row in company_rows(one.company, one.book)
    )
    return Benchmark(sector, date(2026, 11, 1), rows, document_id=1) if rows else None


@cache
def names() -> frozenset[str]:
    """All names and tickers of the list of stocks."""
    listed = bundle.listings(BUNDLE / "universe.csv")
    return frozenset(
        n for row in listed for n in (row.ticker, display_name(row.name), short_name(row.name))
    )


def sources(one: Bundled) -> Sources:
    return Sources(one.company, one.book, benchmark_of(one.sector), names())


def drafts() -> Iterator[tuple[Bundled, Draft]]:
    """Each bundled company with what the writer makes of it."""
    for one in companies():
        try:
            yield one, write(one.company, one.book, benchmark_of(one.sector), one.profile)
        except NotEnoughFacts:
            continue


def _facts(path: Path) -> Iterator[Fact]:
    number = 0
    for place, one in enumerate(bundle.load(path.read_bytes())):
        told = one.filing
        filing = Filing(
            place, told.form, told.period_end, told.filed, told.accession or None, told.fiscal_year
        )
        for fact in one.facts:
            number += 1
            yield Fact(number, fact.concept, fact.unit, fact.period, fact.value, filing)
