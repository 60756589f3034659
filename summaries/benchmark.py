"""A sector's figures frozen at one moment: what a company is compared with.

A snapshot, not a live figure: a changed fact of one company must not silently
change what was said of its peers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from summaries.company import Company
from summaries.factbook import Fact, FactBook
from summaries.measures import CATALOGUE, RATIOS, Difference, Item
from summaries.periods import Period

GROWTH = "revenue_growth"
# A member whose latest fiscal year ended longer ago than this isn't compared.
OLDEST = timedelta(days=550)

# Fewer companies than this make no sector.
MINIMUM_MEMBERS = 3

_ADJECTIVES = {"industrials": "industrial", "financials": "financial", "utilities": "utility"}


@dataclass(frozen=True)
class BenchmarkRow:
    """One member's figure for its latest fiscal year; a fraction (0.243 is 24.3%)."""

    ticker: str
    name: str
    measure: str  # a Ratio's key, or "revenue_growth"
    year_end: date
    value: Decimal
    fact_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    sector: str
    taken: date
    rows: tuple[BenchmarkRow, ...]
    document_id: int | None = None

    @property
    def adjective(self) -> str:
        """As it stands before "companies": industrial, health care."""
        name = self.sector.lower()
        return _ADJECTIVES.get(name, name)

    def members(self, measure: str) -> list[BenchmarkRow]:
        return [row for row in self.rows if row.measure == measure]

    def median(self, measure: str) -> Decimal | None:
        """Median over the members, or None where there are too few."""
        values = [row.value for row in self.members(measure)]
        return median(values) if len(values) >= MINIMUM_MEMBERS else None


def company_rows(company: Company, book: FactBook) -> Iterator[BenchmarkRow]:
    """The company's ratios of its latest fiscal year, and the growth of its revenue."""
    years = book.years()
    if not years:
        return
    year = years[-1]
    for ratio in RATIOS:
        over, under = _parts(book, ratio.numerator, year), _parts(book, ratio.denominator, year)
        if over and under and under[0] > 0:
            yield BenchmarkRow(
                company.ticker, company.short, ratio.key, year.end,
                round(over[0] / under[0], 6), (*over[1], *under[1]),
            )  # fmt: skip
    before = book.year_before(year)
    now, then = book.item("revenue", year), before and book.item("revenue", before)
    if now and then and then.value > 0:
        yield BenchmarkRow(
            company.ticker, company.short, GROWTH, year.end,
            round(now.value / then.value - 1, 6), (now.id, then.id),
        )  # fmt: skip


def _parts(book: FactBook, key: str, year: Period) -> tuple[Decimal, tuple[int, ...]] | None:
    match CATALOGUE[key]:
        case Item():
            fact = book.item(key, year)
            return (fact.value, (fact.id,)) if fact else None
        case Difference(minuend=minuend, subtrahend=subtrahend):
            first: Fact | None = book.item(minuend, year)
            second: Fact | None = book.item(subtrahend, year)
            if first and second:
                return first.value - second.value, (first.id, second.id)
    return None


def comparable(rows: Iterable[BenchmarkRow]) -> tuple[BenchmarkRow, ...]:
    """The rows of a sector whose years lie close enough; () where too few companies are left."""
    listed = list(rows)
    newest = max((row.year_end for row in listed), default=date.min)
    kept = tuple(row for row in listed if newest - row.year_end <= OLDEST)
    return kept if len({row.ticker for row in kept}) >= MINIMUM_MEMBERS else ()
