"""Numbers over time as charts: a line for each measure or company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from queries.quick.held import Held
from queries.quick.measured import Measured
from queries.values import Chart, Point, Series
from summaries.periods import Period, Span
from summaries.statements import day

FEWEST_POINTS = 2
MOST_CHARTS = 4


def chart(title: str, lines: Iterable[tuple[str, Sequence[Measured]]]) -> Chart | None:
    """Of lines in one unit; None where no line has two points. A period that a line lacks is a
    point without a value."""
    told = [(name, run) for name, run in lines if run]
    if not any(len(run) >= FEWEST_POINTS for _, run in told) and len(told) < FEWEST_POINTS:
        return None
    labels = list(dict.fromkeys(label_of(one) for _, run in told for one in _by_time(run)))
    if len(told) > 1:
        labels.sort(key=_order)
    series = tuple(Series(name, tuple(_points(labels, run))) for name, run in told)
    return Chart(title, unit_of(told[0][1][0]), series)


def _by_time(run: Sequence[Measured]) -> list[Measured]:
    return sorted(run, key=lambda one: one.period.end)


def _order(label: str) -> tuple[str, str]:
    """ "Q1 FY2025" and "FY2025" by year, then by quarter."""
    quarter, _, year = label.rpartition(" ")
    return year, quarter


def _points(labels: Sequence[str], run: Sequence[Measured]) -> Iterable[Point]:
    held = {label_of(one): one for one in run}
    for label in labels:
        one = held.get(label)
        yield Point(label, shown(one), one.citations[0]) if one else Point(label, None)


def shown(one: Measured) -> Decimal:
    return one.value * 100 if one.kind == "percent" else one.value


def unit_of(one: Measured) -> str:
    currency = one.held.book.currency
    return {
        "percent": "%", "times": "times", "shares": "shares", "per_share": f"{currency}/share",
    }.get(one.kind, currency)  # fmt: skip


def label_of(one: Measured) -> str:
    return period_label(one.held, one.period)


def period_label(held: Held, period: Period) -> str:
    """FY2025, Q1 FY2026; a day where neither fits."""
    calendar = held.book.calendar
    if period.span is Span.YEAR or (period.span is Span.INSTANT and _ends_year(held, period)):
        return f"FY{calendar.year_number(period.end)}"
    quarter = calendar.quarter_of(period.end)
    if quarter and period.span in (Span.QUARTER, Span.INSTANT):
        return f"Q{quarter[1]} FY{quarter[0]}"
    return day(period.end)


def _ends_year(held: Held, period: Period) -> bool:
    return any(year.end == period.end for year in held.book.years())
