"""What FactSet has of a measure that the filings held here don't say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from queries.quick import rows
from queries.quick.held import Held
from queries.understanding.values import Back, Quarter, When, Year
from queries.values import Citation, Claim
from summaries.measures import CATALOGUE, Item, Unit
from summaries.models import Fundamental
from summaries.models.stocks import NEW_YORK
from summaries.pages import known
from summaries.periods import Span
from summaries.statements import day, plain
from summaries.writing import numbers

VIEW_FUNDAMENTAL = "summaries.view_fundamental"
METRICS = {
    "revenue": "FF_SALES", "gross_profit": "FF_GROSS_INC", "operating_income": "FF_OPER_INC",
    "net_income": "FF_NET_INC", "diluted_eps": "FF_EPS_DIL", "total_assets": "FF_ASSETS",
    "equity": "FF_SHLDRS_EQ", "operating_cash_flow": "FF_OPER_CF",
}  # fmt: skip
_ANNUAL, _QUARTERLY = "ANN", "QTR"


def fundamentals(held: Held, key: str, periods: Sequence[When]) -> Iterator[Claim]:
    """A sentence for each period asked for that FactSet has; without one, for the newest year."""
    if key not in METRICS or not held.reader.has_perm(VIEW_FUNDAMENTAL):
        return
    for when in periods or (Back(0),):
        row = _row(held, key, when)
        if row is not None and (claim := _claim(held, key, row)):
            yield claim


def _row(held: Held, key: str, when: When) -> Fundamental | None:
    found = known.fundamentals(held.stock, held.at).filter(metric=METRICS[key])
    match when:
        case Year(number):
            is_of_year = Q(fiscal_year=number) | Q(fiscal_year=None, fiscal_end__year=number)
            return found.filter(is_of_year, periodicity__startswith=_ANNUAL).first()
        case Back(0, Span.YEAR):
            return found.filter(periodicity__startswith=_ANNUAL).first()
        case Back(0, Span.QUARTER):
            return found.filter(periodicity__startswith=_QUARTERLY).first()
        case Quarter(number, int(year)):
            asked = found.filter(fiscal_year=year, fiscal_period=number)
            return asked.filter(periodicity__startswith=_QUARTERLY).first()
    return None


def _claim(held: Held, key: str, row: Fundamental) -> Claim | None:
    measure = CATALOGUE[key]
    is_a_share = isinstance(measure, Item) and measure.unit is Unit.PER_SHARE
    printed = (numbers.per_share if is_a_share else numbers.money)(row.value, row.currency)
    span = "year" if row.periodicity.startswith(_ANNUAL) else "quarter"
    text = (
        f"FactSet has {held.owner} {measure.name} at {printed} for the fiscal {span} to "
        f"{day(row.fiscal_end)}."
    )
    return rows.told(
        text, values=[row.value], days=[row.fiscal_end], citation=_citation(row),
        named=[held.owner],
    )  # fmt: skip


def _citation(row: Fundamental) -> Citation:
    known_on = row.known_at.astimezone(NEW_YORK).date()
    return Citation(
        source="FactSet",
        label=f"FactSet fundamentals, as known {day(known_on)}",
        url="",
        quote=f"{row.metric}: {plain(row.value)} {row.currency}".strip(),
        dated=f"fiscal period to {day(row.fiscal_end)}",
    )
