"""What FactSet has of a stock, as lines that may be quoted, for readers who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from queries.evidence.held import Held
from queries.evidence.wanted import Wanted
from queries.values import Citation
from summaries.measures import CATALOGUE
from summaries.models import DailyPrice, Estimate, Fundamental
from summaries.models.stocks import NEW_YORK
from summaries.statements import day, plain

VIEW = "summaries.view_"
# FactSet's names of measures by ours.
FUNDAMENTALS = {
    "revenue": "FF_SALES", "gross_profit": "FF_GROSS_INC", "operating_income": "FF_OPER_INC",
    "net_income": "FF_NET_INC", "diluted_eps": "FF_EPS_DIL", "total_assets": "FF_ASSETS",
    "equity": "FF_SHLDRS_EQ", "operating_cash_flow": "FF_OPER_CF",
}  # fmt: skip
ESTIMATES = {"revenue": "SALES", "diluted_eps": "EPS", "net_income": "NET_INCOME"}
MOST = 4  # lines of a kind


@dataclass(frozen=True)
class Row:
    """``sentence``: what FactSet has, as a whole sentence."""

    measure: str
    sentence: str
    citation: Citation


def rows(held: Held, wanted: Wanted) -> tuple[Row, ...]:
    """Fundamentals and estimates of the measures that the question names, and the newest price
    where it speaks of prices; nothing that the reader has no permission for."""
    found = [*_fundamentals(held, wanted)] if _may(held, "fundamental") else []
    if wanted.names_market:
        found += _estimates(held, wanted) if _may(held, "estimate") else []
        found += _price(held) if _may(held, "dailyprice") else []
    return tuple(found)


def _may(held: Held, model: str) -> bool:
    return held.library.reader.has_perm(f"{VIEW}{model}")


def _fundamentals(held: Held, wanted: Wanted) -> Iterator[Row]:
    metrics = {FUNDAMENTALS[key]: key for key in wanted.measures if key in FUNDAMENTALS}
    known = Fundamental.objects.known(held.library.at).filter(stock=held.stock, metric__in=metrics)
    years = known.filter(periodicity__startswith="ANN").order_by("-fiscal_end", "-known_at")
    told: dict[tuple[str, date], Fundamental] = {}
    for row in years:
        if not wanted.years or row.fiscal_end.year in wanted.years:
            told.setdefault((row.metric, row.fiscal_end), row)
    for row in list(told.values())[:MOST]:
        name = CATALOGUE[metrics[row.metric]].name
        yield _row(
            metrics[row.metric],
            f"FactSet has {_possessive(held)} {name} of the fiscal year ended {day(row.fiscal_end)} "
            f"as {_amount(row.value, row.currency)}.",
            row.known_at, row.fiscal_end,
        )  # fmt: skip


def _estimates(held: Held, wanted: Wanted) -> Iterator[Row]:
    keys = wanted.measures or tuple(ESTIMATES)
    metrics = {ESTIMATES[key]: key for key in keys if key in ESTIMATES}
    known = Estimate.objects.known(held.library.at).filter(
        stock=held.stock, metric__in=metrics, mean__isnull=False
    )
    told: dict[tuple[str, date], Estimate] = {}
    for row in known.order_by("-fiscal_end", "-estimate_date", "-known_at"):
        told.setdefault((row.metric, row.fiscal_end), row)
    for row in list(told.values())[:MOST]:
        name = CATALOGUE[metrics[row.metric]].name
        yield _row(
            metrics[row.metric],
            f"The consensus mean in FactSet for {_possessive(held)} {name} of the fiscal period "
            f"ending {day(row.fiscal_end)} was {_amount(row.mean or Decimal(0), row.currency)} on "
            f"{day(row.estimate_date)}.",
            row.known_at, row.fiscal_end,
        )  # fmt: skip


def _price(held: Held) -> Iterator[Row]:
    known = DailyPrice.objects.known(held.library.at).filter(stock=held.stock)
    row = known.order_by("-on", "-known_at").first()
    if row is not None:
        close = _amount(row.close, row.currency)
        yield _row(
            "price",
            f"{held.stock.ticker} closed at {close} on {day(row.on)}.",
            row.known_at,
            row.on,
        )


def _row(measure: str, sentence: str, known_at: datetime, dated: date) -> Row:
    known = day(known_at.astimezone(NEW_YORK).date())
    source = f"FactSet, as known {known}"
    return Row(measure, sentence, Citation("FactSet", source, "", sentence, dated=day(dated)))


def _amount(value: Decimal, currency: str) -> str:
    return f"{plain(value)} {currency}".strip()


def _possessive(held: Held) -> str:
    name = held.sources.company.short
    return f"{name}'" if name.endswith("s") else f"{name}'s"
