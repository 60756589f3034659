"""The counters, counted anew from the ledger: to check them, and to mend what is not so.

A period's row is locked, then the ledger is summed. Whoever changed the ledger and has not
committed is not in the sum, and adds to the row after us; whoever has is in both. That holds
for all who see the row: ``begin`` waits for those who began before the budget was there, and
for those who were making its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from costs.budgets.applying import Budgets, Key, firm_zone, is_for_each_user
from costs.budgets.counters import SPENDING, create_missing
from costs.budgets.ledger_sums import ledger_spent
from costs.models import Budget, BudgetPeriod, Reservation
from costs.periods import period_of

_WAIT = "10s"


@dataclass(frozen=True)
class Discrepancy:
    """Counters that are not what the ledger says, in USD."""

    period: str
    spent_usd: Decimal
    ledger_usd: Decimal
    reserved_usd: Decimal
    open_usd: Decimal

    def __str__(self) -> str:
        return (
            f"{self.period}: spent {self.spent_usd} where the ledger has {self.ledger_usd}, "
            f"reserved {self.reserved_usd} where {self.open_usd} is open"
        )


def rebuild(period: BudgetPeriod) -> Discrepancy | None:
    """Set the counters to what the ledger says; what was wrong, or None."""
    with transaction.atomic():
        row, spent, reserved = _counted(period.pk)
        off = _difference(row, spent, reserved)
        if off:
            BudgetPeriod.objects.filter(pk=row.pk).update(spent_usd=spent, reserved_usd=reserved)
    return off


def discrepancies(periods: Iterable[BudgetPeriod] | None = None) -> list[Discrepancy]:
    """Where counters are not what the ledger says; all periods by default."""
    found = []
    for period in BudgetPeriod.objects.all() if periods is None else periods:
        with transaction.atomic():
            found.append(_difference(*_counted(period.pk)))
    return [one for one in found if one]


def begin(budget: Budget, at: datetime | None = None) -> None:
    """Make a new budget's running period, with all that was spent in it. Not in a transaction.

    Raises OperationalError where others' transactions don't end within ten seconds.
    """
    at = at or timezone.now()
    _wait_for_spenders()
    if not is_for_each_user(budget):
        start, _ = period_of(budget.every, at, firm_zone())
        create_missing([Key(budget.pk, start.astimezone(UTC), 0)], Budgets((budget,)))
    for period in BudgetPeriod.objects.filter(budget=budget):
        rebuild(period)


def _wait_for_spenders() -> None:
    """Until every transaction that spends has ended that may not have seen a new budget.

    Each shares this lock before it reads the budgets. Held for no time, with nothing else in
    hand.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SPENDING])
        except OperationalError as error:
            raise OperationalError(
                "A transaction that spends has been open for ten seconds. Try again, or run "
                "manage.py ensure_budgets --rebuild when it has ended."
            ) from error


def _counted(pk: int) -> tuple[BudgetPeriod, Decimal, Decimal]:
    row = BudgetPeriod.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    reserved = Reservation.objects.filter(period=row, is_open=True).aggregate(usd=Sum("usd"))["usd"]
    return row, ledger_spent(row.budget, row), reserved or Decimal(0)


def _difference(row: BudgetPeriod, spent: Decimal, reserved: Decimal) -> Discrepancy | None:
    if (row.spent_usd, row.reserved_usd) == (spent, reserved):
        return None
    return Discrepancy(str(row), row.spent_usd, spent, row.reserved_usd, reserved)
