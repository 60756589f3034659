"""An answer's chart: a row of bars for each series, and the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from queries.pages import places
from queries.values import Chart, Point, Series
from summaries.pages.bars import Panel, Value, panel
from summaries.writing import numbers


@dataclass(frozen=True)
class Cell:
    """``url``: where the value stands, empty where nothing proves it; ``beside``: the same for the
    evidence panel."""

    text: str
    url: str = ""

    @property
    def beside(self) -> str:
        return places.beside(self.url)


@dataclass(frozen=True)
class Drawn:
    """``rows``: the table beside it, a label and each series' value."""

    title: str
    names: tuple[str, ...]
    panels: tuple[Panel, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def drawn(chart: Chart) -> Drawn:
    """Without panels where there is too little to draw, or too much to label; always a table."""
    labels = list(dict.fromkeys(point.label for one in chart.series for point in one.points))
    by_series = [{point.label: point for point in one.points} for one in chart.series]
    rows = tuple(
        (label, tuple(_cell(held.get(label), chart.unit) for held in by_series)) for label in labels
    )
    panels = tuple(made for one in chart.series if (made := _panel(one, chart.unit)))
    return Drawn(chart.title, tuple(one.name for one in chart.series), panels, rows)


def _cell(point: Point | None, unit: str) -> Cell:
    if point is None or point.value is None:
        return Cell("–")
    return Cell(printed(point.value, unit), point.citation.url if point.citation else "")


def printed(value: Decimal, unit: str) -> str:
    """As the pages print it: $1.2bn, $7.46, 12.3%, 15.0bn shares, 1.25 times."""
    size = _printed(abs(value), unit)
    return f"−{size}" if value < 0 and any(one in "123456789" for one in size) else size


def _printed(size: Decimal, unit: str) -> str:
    currency, _, of = unit.partition("/")
    if unit == "%":
        return f"{size.quantize(Decimal('0.1'), ROUND_HALF_UP):,}%"
    if unit == "shares":
        return numbers.count(size)
    if of == "share":
        return numbers.per_share(size, currency)
    if unit.isalpha() and unit.isupper():
        return numbers.money(size, unit)
    return f"{size.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _panel(series: Series, unit: str) -> Panel | None:
    return panel(
        series.name,
        [
            Value(one.label, printed(one.value, unit), one.value)
            for one in series.points
            if one.value is not None
        ],
    )


def charts(found: Sequence[Chart]) -> tuple[Drawn, ...]:
    return tuple(map(drawn, found))
