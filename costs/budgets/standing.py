"""How budgets stand: for dashboards, and for a clear answer before a user asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

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
    begun = _begun(budgets, at)
    found = []
    for budget in budgets:
        periods = begun.get(budget.pk, [])
        if not periods and not is_for_each_user(budget):
            periods = [_unbegun(budget, at)]
            periods[0].spent_usd = _spent(periods[0], budget, past)
        found += [standing_of(period, budget, past, at) for period in periods]
    return found


def standing_of(period: BudgetPeriod, budget: Budget, past: History, at: datetime) -> Standing:
    zone = firm_zone()
    starts_at, ends_at = period.starts_at.astimezone(zone), period.ends_at.astimezone(zone)
    other = past.expenses_within(budget, _within(period))
    of_models = forecast(
        past.daily(budget, period.user_id), starts_at, ends_at, at, zone,
        amount=budget.amount_usd - other,
    )  # fmt: skip
    return Standing(
        budget=budget,
        user=period.user.get_username() if period.user else "",
        starts_at=starts_at,
        ends_at=ends_at,
        spent_usd=period.spent_usd,
        reserved_usd=period.reserved_usd,
        forecast=replace(
            of_models,
            total=of_models.total + other,
            low=of_models.low + other,
            high=of_models.high + other,
        ),
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
    if period is None:
        period = _unbegun(budget, at_key.starts_at, at_key.user or None)
        period.spent_usd = ledger_spent(budget, period)
    return Standing(
        budget, "", period.starts_at.astimezone(zone), period.ends_at.astimezone(zone),
        period.spent_usd, period.reserved_usd,
    )  # fmt: skip


def _begun(budgets: Iterable[Budget], at: datetime) -> dict[int, list[BudgetPeriod]]:
    """The running periods that have rows, by budget."""
    starts = {
        budget.pk: period_of(budget.every, at, firm_zone())[0].astimezone(UTC) for budget in budgets
    }
    rows = BudgetPeriod.objects.filter(
        budget__in=starts.keys(), starts_at__in=set(starts.values())
    ).select_related("user")
    found: dict[int, list[BudgetPeriod]] = defaultdict(list)
    for row in rows.order_by("user__username"):
        if row.starts_at == starts[row.budget_id]:
            found[row.budget_id].append(row)
    return found


def _unbegun(budget: Budget, at: datetime, user: int | None = None) -> BudgetPeriod:
    """A period that nobody has reserved in: not saved."""
    start, end = period_of(budget.every, at, firm_zone())
    return BudgetPeriod(
        budget=budget, user_id=user, starts_at=start.astimezone(UTC), ends_at=end.astimezone(UTC)
    )


def _spent(period: BudgetPeriod, budget: Budget, past: History) -> Decimal:
    """What was spent before the budget was there: days are whole in a period."""
    is_within = _within(period)
    calls = (usd for day, usd in past.daily(budget, period.user_id) if is_within(day))
    return sum(calls, Decimal(0)) + past.expenses_within(budget, is_within)


def _within(period: BudgetPeriod) -> Callable[[date], bool]:
    zone = firm_zone()
    return lambda day: period.starts_at <= midnight(day, zone) < period.ends_at
