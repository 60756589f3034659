"""Made-up companies for tests: fact books from a table of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from summaries.company import Company
from summaries.factbook import Fact, FactBook, Filing
from summaries.measures import CATALOGUE, Item, Unit
from summaries.periods import Period

UNITS = {Unit.MONEY: "USD", Unit.PER_SHARE: "USD/shares", Unit.SHARES: "shares"}


def year(number: int) -> Period:
    return Period(date(number, 12, 31), date(number, 1, 1))


def filing(at: Period, *, id: int | None = None, form: str = "10-K") -> Filing:  # noqa: A002
    number = at.end.year if id is None else id
    return Filing(
        id=number,
        form=form,
        period_end=at.end,
        filed=at.end + timedelta(days=45),
        accession=f"0000000001-{at.end:%y}-{number:06}",
        fiscal_year=at.end.year,
    )


def facts(values: Mapping[str, Sequence[float | str | None]], *, last: int) -> list[Fact]:
    """``values``: by item key, oldest first, the last of them for the year ``last``."""
    made: list[Fact] = []
    for key, series in values.items():
        item = CATALOGUE[key]
        assert isinstance(item, Item)
        for place, value in enumerate(series):
            if value is None:
                continue
            at = year(last - len(series) + 1 + place)
            period = Period(at.end) if item.is_instant else at
            made.append(
                Fact(
                    len(made) + 1,
                    item.concepts[0],
                    UNITS[item.unit],
                    period,
                    Decimal(str(value)),
                    filing(at),
                )
            )
    return made


def book(values: Mapping[str, Sequence[float | str | None]], *, last: int = 2025) -> FactBook:
    return FactBook(facts(values, last=last))


ACME = Company.named("Acme Tools, Inc.", "ACMT")
