"""The reported figures of a company's last fiscal years, as a table and as a chart.

Reported values alone: nothing here is computed from others, so each figure
leads to one fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from summaries.books import fact_book
from summaries.factbook import Fact, FactBook
from summaries.measures import ITEMS, Unit
from summaries.models import Stock
from summaries.pages.bars import Panel, Value, panel
from summaries.pages.notation import as_filed, day, days
from summaries.periods import Period
from summaries.profiles import Profile
from summaries.writing import numbers

YEARS = 5
_ITEMS = {item.key: item for item in ITEMS}

_USUAL = (
    "revenue", "gross_profit", "operating_income", "net_income", "diluted_eps",
    "operating_cash_flow", "capital_expenditure", "cash", "total_assets", "long_term_debt",
    "equity",
)  # fmt: skip
_OF_PROFILE: dict[Profile, tuple[str, ...]] = {
    Profile.BANK: (
        "revenue", "net_interest_income", "noninterest_income", "credit_provision", "net_income",
        "diluted_eps", "loans", "deposits", "total_assets", "equity",
    ),
    Profile.INSURER: (
        "revenue", "premiums", "claims_incurred", "net_income", "diluted_eps",
        "operating_cash_flow", "total_assets", "total_liabilities", "equity",
    ),
    Profile.REAL_ESTATE: (
        "revenue", "rental_income", "operating_income", "net_income", "diluted_eps",
        "operating_cash_flow", "investment_property", "total_assets", "long_term_debt", "equity",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    name: str  # FY2025, Q2 2025
    end: str


@dataclass(frozen=True)
class Cell:
    text: str
    fact_id: int
    as_filed: str


@dataclass(frozen=True)
class Row:
    name: str
    unit: str  # only where it isn't the table's
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Figures:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str  # US$ millions
    span: str  # "fiscal years", "quarters"
    sources: tuple[str, ...]
    series: tuple[tuple[Column, Fact], ...]
    series_name: str


def figures(stock: Stock) -> Figures | None:
    """The last fiscal years, or quarters where no year is held; None without either."""
    keys = _OF_PROFILE.get(stock.profile, _USUAL)
    book = fact_book(stock, items={*keys, "revenue", "net_income"})
    years = book.years()[-YEARS:]
    periods = list(reversed(years or book.quarters()[-YEARS:]))
    if not periods:
        return None
    found = {key: [book.item(key, period) for period in periods] for key in keys}
    facts = [fact for row in found.values() for fact in row if fact]
    scale, unit = _scale(facts, book.currency)
    columns = tuple(Column(_name(book, p, bool(years)), day(p.end)) for p in periods)
    series_name = "revenue" if sum(f is not None for f in found["revenue"]) > 1 else "net_income"
    return Figures(
        columns=columns,
        rows=tuple(_row(key, row, scale) for key, row in found.items() if any(row)),
        unit=unit,
        span="fiscal years" if years else "quarters",
        sources=_sources(facts),
        series=tuple(
            (column, fact)
            for column, fact in reversed(list(zip(columns, found[series_name], strict=True)))
            if fact
        ),
        series_name=_ITEMS[series_name].name,
    )


def _name(book: FactBook, period: Period, is_year: bool) -> str:
    if is_year:
        return f"FY{book.calendar.year_number(period.end)}"
    quarter = book.calendar.quarter_of(period.end)
    return f"Q{quarter[1]} FY{quarter[0]}" if quarter else "Quarter"


def _scale(facts: Sequence[Fact], currency: str) -> tuple[Decimal, str]:
    sizes = [abs(fact.value) for fact in facts if fact.unit == currency]
    if max(sizes, default=Decimal(0)) >= 10_000_000:
        return Decimal(10) ** 6, f"{currency} millions"
    return Decimal(10) ** 3, f"{currency} thousands"


def _row(key: str, facts: Sequence[Fact | None], scale: Decimal) -> Row:
    item = _ITEMS[key]
    unit = next(fact.unit for fact in facts if fact)
    is_money = item.unit is Unit.MONEY
    return Row(
        name=item.name[:1].upper() + item.name[1:],
        unit="" if is_money else unit.replace("/shares", " a share"),
        cells=tuple(_cell(fact, item.unit, scale) if fact else None for fact in facts),
    )


def _cell(fact: Fact, unit: Unit, scale: Decimal) -> Cell:
    if unit is Unit.PER_SHARE:
        text = f"{fact.value.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}"
    else:
        text = f"{(fact.value / scale).quantize(Decimal(1), rounding=ROUND_HALF_UP):,}"
    period = days(fact.period.start, fact.period.end)
    return Cell(
        text=text.replace("-", "−"),
        fact_id=fact.id,
        as_filed=f"{as_filed(fact.value, fact.unit)}, {period}, {fact.filing.form}",
    )


def _sources(facts: Sequence[Fact]) -> tuple[str, ...]:
    """The filings behind the figures, newest first."""
    filings = sorted({f.filing for f in facts}, key=lambda filing: filing.recency, reverse=True)
    return tuple(
        f"{one.form} filed {day(one.filed)}"
        if one.filed
        else f"{one.form} for the period to {day(one.period_end)}"
        for one in filings
    )


def chart(table: Figures) -> Panel | None:
    """None where there are fewer than two to compare."""
    values = (
        Value(column.name, numbers.money(fact.value, fact.unit).replace("-", "−"), fact.value)
        for column, fact in table.series
    )
    return panel(table.series_name, list(values))
