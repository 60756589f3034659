"""What one of something cost: the apps above say how many there were, costs knows the money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from costs.reports.spending import ZERO, records
from costs.reports.window import Window


@dataclass(frozen=True)
class Unit:
    """``count``: how many came about in a window. ``spending``: which records paid for them."""

    name: str
    count: Callable[[Window], int]
    spending: Q


_UNITS: dict[str, Unit] = {}


def register(unit: Unit) -> None:
    """Have a unit reported; the same name again replaces it."""
    _UNITS[unit.name] = unit


@dataclass(frozen=True)
class UnitCost:
    name: str
    count: int
    usd: Decimal

    @property
    def each_usd(self) -> Decimal | None:
        return self.usd / self.count if self.count else None


def unit_costs(window: Window) -> list[UnitCost]:
    return [
        UnitCost(
            unit.name,
            unit.count(window),
            records(window).filter(unit.spending).aggregate(usd=Sum("cost_usd"))["usd"] or ZERO,
        )
        for unit in _UNITS.values()
    ]
