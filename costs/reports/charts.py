"""Bars as SVG, drawn here: readable without colour, without a script, and by a screen reader
through the table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 200, 56, 12, 24


@dataclass(frozen=True)
class Bar:
    label: str
    value: Decimal
    told: str  # for the tooltip
    x: float
    y: float
    width: float
    height: float
    shows_label: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Line:
    y: float
    label: str


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM

    @property
    def label_y(self) -> int:
        return self.height - 6


def bars(points: Sequence[tuple[str, Decimal, str]]) -> Chart:
    """A chart of (label, value >= 0, told)."""
    top = _round_up(max((float(value) for _, value, _ in points), default=0.0))
    tall = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT) / max(len(points), 1)
    every = max(1, ceil(len(points) / 12))
    drawn = []
    for at, (label, value, told) in enumerate(points):
        height = float(value) / top * tall if top else 0.0
        drawn.append(
            Bar(
                label, value, told, round(LEFT + at * step + step * 0.12, 2),
                round(TOP + tall - height, 2), round(step * 0.76, 2), round(height, 2),
                at % every == 0,
            )
        )  # fmt: skip
    lines = tuple(
        Line(round(TOP + tall * (1 - share), 2), _money(top * share)) for share in (0, 0.5, 1)
    )
    return Chart(tuple(drawn), lines)


def _round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * 0.999999)


def _money(value: float) -> str:
    if value == 0:
        return "$0"
    return f"${value:,.0f}" if value >= 10 else f"${value:.4g}"
