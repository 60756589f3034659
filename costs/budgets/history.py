"""What each day cost, by budget: a few queries for all budgets, for forecasts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncDate

from costs.budgets.applying import SCOPE, Purpose, counts, firm_zone, is_for_each_user
from costs.forecasting import PAST_WEEKS
from costs.models import Budget, Expense, UsageRecord

Part = tuple[date, str, int | None, int | None]  # day, category, team, user


@dataclass(frozen=True)
class History:
    """Models' costs by local day, and expenses by theirs.

    Apart, because a bill of the first of the month says nothing of the days after it.
    """

    calls: list[tuple[Part, Decimal]]
    expenses: list[tuple[date, str, Decimal]] = field(default_factory=list)

    def daily(self, budget: Budget, user: int | None) -> list[tuple[date, Decimal]]:
        """USD of models' calls by day. ``user``: whose, where it stands for each user."""
        days: dict[date, Decimal] = defaultdict(Decimal)
        for (day, category, team, who), usd in self.calls:
            is_theirs = not is_for_each_user(budget) or who == user
            if is_theirs and counts(budget, Purpose(category, team, who)):
                days[day] += usd
        return sorted(days.items())

    def expenses_within(self, budget: Budget, is_within: Callable[[date], bool]) -> Decimal:
        if budget.scope in (SCOPE.TEAM, SCOPE.USER):
            return Decimal(0)
        return sum(
            (
                usd
                for day, category, usd in self.expenses
                if budget.scope in (SCOPE.FIRM, category) and is_within(day)
            ),
            Decimal(0),
        )


def history(budgets: Iterable[Budget], now: datetime) -> History:
    """The past weeks, and the longest period that may have begun before them."""
    scopes = {budget.scope for budget in budgets}
    zone = firm_zone()
    # Who asked matters to few budgets, and would make many more rows.
    by = ["category"]
    by += ["team"] if SCOPE.TEAM in scopes else []
    by += ["user"] if SCOPE.USER in scopes else []
    since = now - timedelta(weeks=PAST_WEEKS, days=1)
    rows = (
        UsageRecord.objects.filter(sent_at__gte=since, sent_at__lte=now, cost_usd__gt=0)
        .order_by()
        .values(*by, day=TruncDate("sent_at", tzinfo=zone))
        .annotate(usd=Sum("cost_usd"))
    )
    first = since.astimezone(zone).date()
    return History(
        calls=[
            ((row["day"], row["category"], row.get("team"), row.get("user")), row["usd"])
            for row in rows
        ],
        expenses=list(
            Expense.objects.filter(on__gte=first).values_list("on", "category", "amount_usd")
        ),
    )
