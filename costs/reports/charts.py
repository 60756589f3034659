"""Charts as SVG, drawn here: readable without colour, without a script, and by a screen reader
through the table beside them. Zero-based; a unit is a pixel of the view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from costs.reports.burn import Burn

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 206, 56, 14, 12, 30
LABELS = 12  # as many as fit below; on a phone every third of them is shown


@dataclass(frozen=True)
class Bar:
    label: str
    told: str  # for the tooltip
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Mark:
    """A word at an axis: ``at``, its place on it; ``is_fine``: left out on a phone."""

    at: float
    label: str
    is_fine: bool = False


@dataclass(frozen=True)
class Frame:
    """What all charts have: lines across with their amounts, words below."""

    lines: tuple[Mark, ...]
    below: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    label_y: int = HEIGHT - 6
    amount_x: int = LEFT - 6


@dataclass(frozen=True)
class Chart:
    frame: Frame
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BurnChart:
    """``spent``: the points of a line. ``ahead``: from now to the forecast, None without one;
    ``fan``: from now to its range. ``amount_y``: where the budget is."""

    frame: Frame
    spent: str
    now_x: float
    now_y: float
    amount_y: float
    ahead: str | None
    fan: str | None


def bars(points: Sequence[tuple[str, Decimal, str]]) -> Chart:
    """A chart of (label, value >= 0, told)."""
    top = _round_up(max((float(value) for _, value, _ in points), default=0.0))
    step = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    drawn = [
        Bar(
            label, told, round(LEFT + at * step + step * 0.12, 2), _y(float(value), top),
            round(step * 0.76, 2), round(HEIGHT - BOTTOM - _y(float(value), top), 2),
        )
        for at, (label, value, told) in enumerate(points)
    ]  # fmt: skip
    below = _spaced([(bar.middle, bar.label) for bar in drawn])
    return Chart(Frame(_lines(top), below), tuple(drawn))


def burn_chart(burn: Burn) -> BurnChart:
    """The budget's period from its first day to its last, spending added up."""
    highest = [burn.amount_usd, burn.spent_usd, *(burn.range_usd or ())]
    top = _round_up(float(max(highest)))
    step = (WIDTH - LEFT - RIGHT) / max(burn.days, 1)

    def point(day: float, usd: Decimal) -> tuple[float, float]:
        return round(LEFT + day * step, 2), _y(float(usd), top)

    line = [point(day, usd) for day, usd in burn.points]
    now = line[-1]
    ahead = fan = None
    if burn.forecast_usd is not None and burn.range_usd is not None:
        low, high = (point(burn.days, usd) for usd in burn.range_usd)
        ahead = _points([now, point(burn.days, burn.forecast_usd)])
        fan = _points([now, high, low])
    below = _spaced([(point(day + 0.5, Decimal(0))[0], label) for day, label in burn.labels])
    return BurnChart(
        Frame(_lines(top), below), _points(line), *now, _y(float(burn.amount_usd), top), ahead, fan
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _y(value: float, top: float) -> float:
    tall = HEIGHT - TOP - BOTTOM
    return round(TOP + tall * (1 - value / top), 2)


def _lines(top: float) -> tuple[Mark, ...]:
    return tuple(Mark(_y(top * share, top), _money(top * share)) for share in (0, 0.5, 1))


def _spaced(labels: Sequence[tuple[float, str]]) -> tuple[Mark, ...]:
    every = max(1, ceil(len(labels) / LABELS))
    kept = labels[::every]
    return tuple(
        Mark(x, label, is_fine=len(kept) > 5 and number % 3 != 0)
        for number, (x, label) in enumerate(kept)
    )


def _round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * 0.999999)


def _money(value: float) -> str:
    if value == 0:
        return "$0"
    if value >= 1000:
        return f"${value / 1000:,g}k"
    return f"${value:.4g}"
