"""What one of something cost: the apps above say how many there were, costs knows the money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

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
    """Of each unit, whatever of it failed or was thrown away included."""
    rows = records(window)
    sums = rows.aggregate(**{
        f"usd_{number}": Sum("cost_usd", filter=unit.spending, default=ZERO)
        for number, unit in enumerate(_UNITS.values())
    })  # fmt: skip
    return [
        UnitCost(unit.name, unit.count(window), sums[f"usd_{number}"])
        for number, unit in enumerate(_UNITS.values())
    ]


def _different(field: str) -> Callable[[Window], int]:
    """How many different values the ledger has."""

    def count(window: Window) -> int:
        rows = records(window).exclude(**{field: ""})
        found: int = rows.aggregate(n=Count(field, distinct=True))["n"]
        return found

    return count


register(Unit("stock", _different("stock"), ~Q(stock="")))
register(Unit("question", _different("query"), ~Q(query="")))
