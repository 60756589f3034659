"""FactSet's figures for our stocks: a changed value becomes a new row beside the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from summaries.ingest.work import Work
from summaries.models import DailyPrice, Estimate, Fundamental, Source, SourceItem, Stock
from summaries.sources.errors import Missing
from summaries.sources.factset import Answer, FactSet

# Stocks of one question: few enough that a failure costs little, many enough for FactSet's pace.
STOCKS = 50
ROWS = 2000
FUNDAMENTALS = (
    "FF_SALES", "FF_GROSS_INC", "FF_OPER_INC", "FF_NET_INC", "FF_EPS_DIL", "FF_ASSETS",
    "FF_SHLDRS_EQ", "FF_DEBT_LT", "FF_CASH_ST", "FF_OPER_CF", "FF_CAPEX", "FF_DPS",
)  # fmt: skip
ESTIMATES = ("EPS", "SALES", "EBITDA", "NET", "PRICE_TGT")
YEARS_OF_FUNDAMENTALS, DAYS_OF_PRICES, DAYS_OF_ESTIMATES = 5, 400, 30
LARGEST = Decimal(10) ** 23


@dataclass(frozen=True)
class Kind:
    """``key``: what tells two rows apart that aren't versions of each other. ``told``: the rest."""

    name: str
    ask: Callable[[FactSet, Sequence[str], date], Answer[Any]]
    model: type[models.Model]
    key: tuple[str, ...]
    told: tuple[str, ...]
    row: Callable[[Any], dict[str, Any] | None]


def ingest_market(
    factset: FactSet, stocks: Iterable[Stock], work: Work, *, since: datetime
) -> None:
    """All kinds of figures of the stocks, but for what was confirmed after ``since`` (the run's
    beginning: a killed ingest asks for nothing twice).

    What FactSet doesn't have of one stock, or a kind that fails, stops nothing else.
    """
    stocks = list(stocks)
    for kind in KINDS:
        for some in _groups(_items(kind, stocks, since)):
            work.keep()
            _ask(kind, factset, some, work)


def _items(kind: Kind, stocks: Sequence[Stock], since: datetime) -> list[SourceItem]:
    of_kind = SourceItem.objects.filter(source=Source.FACTSET, key=kind.name)
    SourceItem.objects.bulk_create(
        [
            SourceItem(source=Source.FACTSET, stock=stock, key=kind.name, kind=kind.name)
            for stock in stocks
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    return list(
        of_kind.filter(stock__in=stocks)
        .exclude(checked_at__gte=since)
        .select_related("stock")
        .order_by("stock__ticker")
    )


def _groups(items: Sequence[SourceItem]) -> Iterator[Sequence[SourceItem]]:
    for place in range(0, len(items), STOCKS):
        yield items[place : place + STOCKS]


def factset_id(ticker: str) -> str:
    """BRK-B -> BRK.B-US"""
    return f"{ticker.replace('-', '.')}-US"


def _ask(kind: Kind, factset: FactSet, items: Sequence[SourceItem], work: Work) -> None:
    by_id = {factset_id(item.stock.ticker): item for item in items if item.stock}
    answer: Answer[Any] | None = None
    with work.noting(*by_id.values()):
        answer = kind.ask(factset, list(by_id), timezone.localdate())
    if answer is None:
        return
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in answer.rows:
        rows[row.request_id].append(row)
    problems = {name: one.message for one in answer.problems for name in one.ids}
    for name, item in by_id.items():
        with work.noting(item):
            if name not in rows:
                raise Missing(problems.get(name) or f"FactSet has no {kind.name} of {name}")
            new = _store(kind, item, rows[name])
            work.mark_stored(item, is_new=new > 0, about={"rows": new})


@transaction.atomic
def _store(kind: Kind, item: SourceItem, rows: Sequence[Any]) -> int:
    """Rows that differ from the newest version that we know; returns how many there were."""
    SourceItem.objects.select_for_update().get(pk=item.pk)
    manager: Any = kind.model._default_manager
    newest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    held = manager.filter(stock=item.stock).order_by("known_at")
    for values in held.values_list(*kind.key, *kind.told):
        newest[values[: len(kind.key)]] = values[len(kind.key) :]
    now, new = timezone.now(), {}
    for row in rows:
        said = kind.row(row)
        if said is None:
            continue
        key = tuple(said[name] for name in kind.key)
        if newest.get(key) != tuple(said[name] for name in kind.told):
            new[key] = kind.model(stock=item.stock, known_at=now, **said)
    manager.bulk_create(list(new.values()), batch_size=ROWS)
    return len(new)


def _number(value: object) -> Decimal | None:
    """As the column keeps it: six places, and nothing that is no figure of a company."""
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= LARGEST:
        return None
    return round(value, 6)


def _fundamental(row: Any) -> dict[str, Any] | None:
    value = _number(row.value)
    if value is None:
        return None
    return {
        "metric": row.metric, "periodicity": row.periodicity, "fiscal_year": row.fiscal_year,
        "fiscal_period": row.fiscal_period, "fiscal_end": row.fiscal_end,
        "report_date": row.report_date, "update_type": row.update_type[:12],
        "currency": row.currency[:3], "value": value,
    }  # fmt: skip


def _price(row: Any) -> dict[str, Any] | None:
    close = _number(row.close)
    if close is None or close < 0:
        return None
    told = {name: _number(getattr(row, name)) for name in ("open", "high", "low", "volume")}
    if told["volume"] is not None:
        told["volume"] = round(told["volume"], 3)
    return {"on": row.on, "currency": row.currency[:3], "close": close, **told}


_FIGURES = ("mean", "median", "high", "low", "standard_deviation")


def _estimate(row: Any) -> dict[str, Any] | None:
    if row.fiscal_end is None:
        return None
    return {
        "metric": row.metric, "periodicity": row.periodicity, "fiscal_year": row.fiscal_year,
        "fiscal_period": row.fiscal_period, "fiscal_end": row.fiscal_end,
        "estimate_date": row.estimate_date, "currency": row.currency[:3],
        **{name: _number(getattr(row, name)) for name in _FIGURES},
        "estimate_count": row.estimate_count, "up": row.up, "down": row.down,
    }  # fmt: skip


KINDS = (
    Kind(
        "fundamentals",
        lambda factset, ids, today: factset.fundamentals(
            ids, FUNDAMENTALS, periodicity="QTR_R", end=today,
            start=today - timedelta(days=366 * YEARS_OF_FUNDAMENTALS),
        ),
        Fundamental,
        ("metric", "periodicity", "fiscal_end", "currency"),
        ("fiscal_year", "fiscal_period", "report_date", "update_type", "value"),
        _fundamental,
    ),
    Kind(
        "prices",
        lambda factset, ids, today: factset.prices(
            ids, start=today - timedelta(days=DAYS_OF_PRICES), end=today
        ),
        DailyPrice,
        ("on", "currency"),
        ("close", "open", "high", "low", "volume"),
        _price,
    ),
    Kind(
        "estimates",
        lambda factset, ids, today: factset.consensus(
            ids, ESTIMATES, start=today - timedelta(days=DAYS_OF_ESTIMATES), end=today,
            frequency="W", periodicity="ANN",
        ),
        Estimate,
        ("metric", "periodicity", "fiscal_end", "estimate_date", "currency"),
        ("fiscal_year", "fiscal_period", *_FIGURES, "estimate_count", "up", "down"),
        _estimate,
    ),
)  # fmt: skip
