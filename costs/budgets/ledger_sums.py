"""What the ledger and the expenses say was spent: the truth that counters follow."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from costs.budgets.applying import SCOPE, firm_zone, is_for_each_user
from costs.models import Budget, BudgetPeriod, Expense, UsageRecord
from costs.periods import midnight


def ledger_spent(budget: Budget, period: BudgetPeriod, *, but: int | None = None) -> Decimal:
    """USD of a budget's period: models' calls by the moment they were sent, and expenses."""
    calls = UsageRecord.objects.filter(
        records_of(budget, period.user_id),
        sent_at__gte=period.starts_at,
        sent_at__lt=period.ends_at,
    )
    if but is not None:
        calls = calls.exclude(pk=but)
    spent: Decimal | None = calls.aggregate(usd=Sum("cost_usd"))["usd"]
    return (spent or Decimal(0)) + _expenses(budget, period)


def records_of(budget: Budget, user: int | None) -> Q:
    """The records that a budget counts; ``user``: whose, where it stands for each user."""
    if budget.scope == SCOPE.FIRM:
        return Q()
    if budget.scope == SCOPE.TEAM:
        return Q(team=budget.team_id)
    if budget.scope == SCOPE.USER:
        return Q(user=user if is_for_each_user(budget) else budget.user_id)
    return Q(category=budget.scope)


def expenses_of(budget: Budget) -> Q | None:
    """The expenses that a budget counts; None: it counts none."""
    if budget.scope in (SCOPE.TEAM, SCOPE.USER):
        return None
    return Q() if budget.scope == SCOPE.FIRM else Q(category=budget.scope)


def _expenses(budget: Budget, period: BudgetPeriod) -> Decimal:
    which = expenses_of(budget)
    if which is None:
        return Decimal(0)
    zone = firm_zone()
    # A day more at both ends than dates can differ from moments, then each by its midnight.
    around = Expense.objects.filter(
        which,
        on__gte=(period.starts_at - timedelta(days=1)).astimezone(zone).date(),
        on__lte=period.ends_at.astimezone(zone).date(),
    )
    return sum(
        (
            one.amount_usd
            for one in around
            if period.starts_at <= midnight(one.on, zone) < period.ends_at
        ),
        Decimal(0),
    )
