"""How the firm's budget burns down: its period so far, day by day, and where it will end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils import timezone

from costs.budgets import Standing
from costs.models import Budget
from costs.reports.spending import ZERO, by_period, expenses_by_day, firsts
from costs.reports.window import Window, midnight


@dataclass(frozen=True)
class Burn:
    """``points``: the day since the period's start (0 is its first moment) and USD spent by then,
    models and expenses; the last is now. ``labels``: each day's number and name. ``range_usd``:
    80 % of how it may end."""

    standing: Standing
    days: int
    points: tuple[tuple[float, Decimal], ...]
    labels: tuple[tuple[int, str], ...]
    forecast_usd: Decimal | None
    range_usd: tuple[Decimal, Decimal] | None

    @property
    def amount_usd(self) -> Decimal:
        return self.standing.amount_usd

    @property
    def spent_usd(self) -> Decimal:
        return self.points[-1][1]


def firm_budget(standings: Iterable[Standing]) -> Standing | None:
    """The firm's longest one that is enabled."""
    of_firm = [one for one in standings if one.scope == Budget.Scope.FIRM]
    return max(of_firm, key=lambda one: one.ends_at - one.starts_at, default=None)


def burn(standing: Standing, now: datetime | None = None) -> Burn:
    now = now or timezone.now()
    period = Window(standing.starts_at.astimezone(UTC), standing.ends_at.astimezone(UTC), "")
    spent = defaultdict(Decimal, expenses_by_day(period))
    for day, models in by_period("day", period):
        spent[day] += models.usd
    days = list(firsts("day", period))
    points, whole = [(0.0, ZERO)], ZERO
    for number, day in enumerate(days):
        if midnight(day) > now:
            break
        whole += spent[day]
        points.append((min(number + 1.0, _days_since(standing.starts_at, now)), whole))
    told = standing.forecast if standing.forecast_usd is not None else None
    return Burn(
        standing=standing,
        days=len(days),
        points=tuple(points),
        labels=tuple((number, f"{day.day} {day:%b}") for number, day in enumerate(days)),
        forecast_usd=told.total if told else None,
        range_usd=(told.low, told.high) if told else None,
    )


def _days_since(start: datetime, now: datetime) -> float:
    return (now.timestamp() - start.timestamp()) / 86_400
