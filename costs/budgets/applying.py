"""Which budgets count a call, and which of them may refuse it.

All budgets that a call belongs to count it, so that a budget that is enabled later, or a user's
own one that is taken away, knows what was spent. An enabled one refuses; a budget for each user
does so only where the user has no enabled budget of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from costs.models import Budget, BudgetPeriod, UsageRecord
from costs.periods import period_of

SCOPE = Budget.Scope


def firm_zone() -> ZoneInfo:
    """The zone that periods are calendar periods of: FA_TIME_ZONE."""
    return timezone.get_default_timezone()


@dataclass(frozen=True)
class Purpose:
    """What decides which budgets a spending belongs to."""

    category: str
    team: int | None = None
    user: int | None = None

    @classmethod
    def of(cls, record: UsageRecord) -> Self:
        return cls(record.category, record.team_id, record.user_id)


@dataclass(frozen=True, order=True)
class Key:
    """Names a row of BudgetPeriod; the order in which rows are locked. ``starts_at`` is in UTC."""

    budget: int
    starts_at: datetime
    user: int  # 0: nobody's

    @classmethod
    def of(cls, period: BudgetPeriod) -> Self:
        return cls(period.budget_id, period.starts_at.astimezone(UTC), period.user_id or 0)


# Asked twice a call: the ORM takes longer to write it than the database to answer.
_COLUMNS = ("id", "scope", "team_id", "user_id", "amount_usd", "every", "is_enabled")
_APPLYING = f"""
SELECT {", ".join(_COLUMNS)} FROM costs_budget
WHERE scope = ANY(%s) OR team_id = ANY(%s) OR user_id = ANY(%s)
   OR scope = 'user' AND user_id IS NULL
ORDER BY id
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Budgets:
    """The budgets as they stand now; one query for any number of calls."""

    rows: tuple[Budget, ...]

    @classmethod
    def for_purposes(cls, purposes: Iterable[Purpose]) -> Self:
        purposes = set(purposes)
        asked: list[Any] = [
            [SCOPE.FIRM.value, *{one.category for one in purposes}],
            [one.team for one in purposes if one.team],
            [one.user for one in purposes if one.user],
        ]
        with connection.cursor() as cursor:
            cursor.execute(_APPLYING, asked)
            return cls(tuple(Budget.from_db(None, _COLUMNS, row) for row in cursor.fetchall()))

    def counting(self, purpose: Purpose) -> list[Budget]:
        return [budget for budget in self.rows if counts(budget, purpose)]

    def binding(self, purpose: Purpose) -> list[Budget]:
        """Those that may refuse."""
        mine = [budget for budget in self.counting(purpose) if budget.is_enabled]
        has_own = any(budget.scope == SCOPE.USER and budget.user_id for budget in mine)
        return [budget for budget in mine if not (has_own and is_for_each_user(budget))]


def is_for_each_user(budget: Budget) -> bool:
    return budget.scope == SCOPE.USER and budget.user_id is None


def counts(budget: Budget, purpose: Purpose) -> bool:
    if budget.scope == SCOPE.TEAM:
        return budget.team_id == purpose.team
    if budget.scope == SCOPE.USER:
        return purpose.user is not None and budget.user_id in (purpose.user, None)
    return budget.scope in (SCOPE.FIRM, purpose.category)


def key(budget: Budget, purpose: Purpose, at: datetime) -> Key:
    """The period of a budget that a spending at ``at`` falls into."""
    start, _ = period_of(budget.every, at, firm_zone())
    user = purpose.user if is_for_each_user(budget) else None
    return Key(budget.pk, start.astimezone(UTC), user or 0)
