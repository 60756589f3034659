"""How budgets stand: for dashboards, and for a clear answer before a user asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from costs.budgets.applying import Budgets, Key, Purpose, firm_zone, is_for_each_user, key
from costs.budgets.counters import existing
from costs.budgets.history import History, history
from costs.budgets.ledger_sums import ledger_spent
from costs.forecasting import Forecast, forecast
from costs.models import Budget, BudgetPeriod
from costs.periods import midnight, period_of


@dataclass(frozen=True)
class Standing:
    """A budget's running period, in USD. Times are in the firm's zone."""

    budget: Budget
    user: str  # whose, where the budget stands for each user
    starts_at: datetime
    ends_at: datetime
    spent_usd: Decimal
    reserved_usd: Decimal
    forecast: Forecast | None = None

    @property
    def name(self) -> str:
        return f"{self.budget} ({self.user})" if self.user else str(self.budget)

    @property
    def scope(self) -> str:
        return self.budget.scope

    @property
    def amount_usd(self) -> Decimal:
        return self.budget.amount_usd

    @property
    def left_usd(self) -> Decimal:
        """What another call may still hold back; negative where a bill was higher than that."""
        return self.amount_usd - self.spent_usd - self.reserved_usd

    @property
    def share(self) -> Decimal:
        """Spent of the amount: 1 is all of it; of a budget of nothing all is spent."""
        return self.spent_usd / self.amount_usd if self.amount_usd else Decimal(1)

    @property
    def forecast_usd(self) -> Decimal | None:
        """What the period will have cost; None where too little is known."""
        if self.forecast is None or self.forecast.basis == "nothing":
            return None
        return self.forecast.total

    @property
    def resets_at(self) -> datetime:
        return self.ends_at


def standings(at: datetime | None = None) -> list[Standing]:
    """Enabled budgets in their periods at ``at`` (now), with forecasts.

    A budget for each user stands once for each who spent from it. Counters are as they are
    now, forecasts are made with what was known at ``at``.
    """
    at = at or timezone.now()
    budgets = list(Budget.objects.enabled().select_related("team", "user"))
    past = history(budgets, at)
    return [
        standing_of(period, budget, past, at)
        for budget in budgets
        for period in _periods(budget, at)
    ]


def standing_of(period: BudgetPeriod, budget: Budget, past: History, at: datetime) -> Standing:
    zone = firm_zone()
    starts_at, ends_at = period.starts_at.astimezone(zone), period.ends_at.astimezone(zone)

    def is_within(day: date) -> bool:
        return starts_at <= midnight(day, zone) < ends_at

    other = past.expenses_within(budget, is_within)
    of_models = forecast(
        past.daily(budget, period.user_id), starts_at, ends_at, at, zone,
        amount=budget.amount_usd - other,
    )  # fmt: skip
    whole = Forecast(
        of_models.total + other, of_models.low + other, of_models.high + other,
        of_models.reached_on, of_models.basis,
    )  # fmt: skip
    return Standing(
        budget=budget,
        user=period.user.get_username() if period.user else "",
        starts_at=starts_at,
        ends_at=ends_at,
        spent_usd=period.spent_usd,
        reserved_usd=period.reserved_usd,
        forecast=whole,
    )


def room_for(
    category: str, user: int | None, team: int | None, usd: Decimal, at: datetime | None = None
) -> Standing | None:
    """The budget that would refuse ``usd`` for this purpose now, or None. Nothing is reserved.

    ``user``, ``team``: their ids. Where several would, the one that resets last.
    """
    at = at or timezone.now()
    if usd <= 0:
        return None
    purpose = Purpose(category, team, user)
    budgets = Budgets.for_purposes([purpose])
    keys = {key(budget, purpose, at): budget for budget in budgets.binding(purpose)}
    rows = existing(keys)
    full = [
        one
        for one in (_bare(rows.get(at_key), budget, at_key) for at_key, budget in keys.items())
        if one.left_usd < usd
    ]
    return max(full, key=lambda one: one.ends_at, default=None)


def _bare(period: BudgetPeriod | None, budget: Budget, at_key: Key) -> Standing:
    """Without a forecast, which nobody waits for."""
    zone = firm_zone()
    period = period or _unbegun(budget, at_key.starts_at, at_key.user or None)
    return Standing(
        budget, "", period.starts_at.astimezone(zone), period.ends_at.astimezone(zone),
        period.spent_usd, period.reserved_usd,
    )  # fmt: skip


def _periods(budget: Budget, at: datetime) -> Iterable[BudgetPeriod]:
    start, _ = period_of(budget.every, at, firm_zone())
    of_whom = Q() if is_for_each_user(budget) else Q(user__isnull=True)
    rows = BudgetPeriod.objects.filter(of_whom, budget=budget, starts_at=start.astimezone(UTC))
    found = list(rows.select_related("user").order_by("user__username"))
    if found or is_for_each_user(budget):
        return found
    return [_unbegun(budget, start, None)]


def _unbegun(budget: Budget, start: datetime, user: int | None) -> BudgetPeriod:
    """A period that nobody has reserved in: not saved, and what the ledger holds for it."""
    start, end = period_of(budget.every, start, firm_zone())
    period = BudgetPeriod(
        budget=budget, user_id=user, starts_at=start.astimezone(UTC), ends_at=end.astimezone(UTC)
    )
    period.spent_usd = ledger_spent(budget, period)
    return period
