"""What FactSet gives, as values. Money and counts in units: never in thousands or millions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

Row = TypeVar("Row")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Problem:
    """What FactSet refused or what we couldn't use, while the rest is fine.

    ``ids``: whom it concerns, as they were asked for; ``code``: FactSet's, or ours:
    rejected, foreign, conflict, unknownMetric, notANumber, notAnId.
    """

    ids: tuple[str, ...]
    code: str
    message: str


@dataclass(frozen=True)
class Answer(Generic[Row]):
    """``missing``: ids asked for that came back with nothing, or with nulls, or not at all.

    ``request_keys``: what FactSet's support asks for.
    """

    rows: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    request_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fundamental:
    """One value of one fiscal period.

    ``fsym_id``: the regional security, XXXXXX-R. ``periodicity``: ANN, QTR, LTM…; with ``_R``
    as last restated, without it as first reported. ``period_days``: length of the period.
    ``report_date`` as FactSet calls it; ``eps_report_date``: when earnings were announced.
    ``update_type``: Preliminary or Final. ``value``: a number in units of ``currency`` or a
    text (dates too), by the metric's kind.
    """

    request_id: str
    fsym_id: str
    metric: str
    periodicity: str
    fiscal_year: int | None
    fiscal_period: int | None
    fiscal_end: date
    period_days: int | None
    report_date: date | None
    eps_report_date: date | None
    update_type: str
    currency: str
    value: Decimal | str


@dataclass(frozen=True)
class Price:
    """A day's prices in ``currency``; FactSet doesn't state the unit of ``volume``."""

    request_id: str
    fsym_id: str
    on: date
    currency: str
    close: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: Decimal | None
    turnover: Decimal | None
    trade_count: Decimal | None
    vwap: Decimal | None


@dataclass(frozen=True)
class Consensus:
    """What brokers expected on ``estimate_date`` of a fiscal period, in units of ``currency``.

    ``relative_period``: 1 is the next to be reported. ``up``, ``down``: brokers who revised.
    """

    request_id: str
    fsym_id: str
    metric: str
    periodicity: str
    fiscal_year: int | None
    fiscal_period: int | None
    fiscal_end: date | None
    relative_period: int | None
    estimate_date: date
    currency: str
    estimate_currency: str
    mean: Decimal | None
    median: Decimal | None
    high: Decimal | None
    low: Decimal | None
    standard_deviation: Decimal | None
    estimate_count: int | None
    up: int | None
    down: int | None


@dataclass(frozen=True)
class ConsensusRating:
    """Brokers' ratings over 100 days. ``score``: their mean, from 1 (buy) to 3 (sell)."""

    request_id: str
    fsym_id: str
    estimate_date: date
    buy: int | None
    overweight: int | None
    hold: int | None
    underweight: int | None
    sell: int | None
    total: int | None
    score: Decimal | None
    rating: str


@dataclass(frozen=True)
class Metric:
    """What can be asked for. ``factor``: what FactSet's numbers are to be multiplied by."""

    metric: str
    name: str
    category: str
    subcategory: str
    factor: Decimal
    data_type: str
    point_in_time: bool
