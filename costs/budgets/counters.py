"""The counters of budgets' periods: changed by one conditional statement, all or none.

Rows are locked in the order of their keys, so that two workers can't wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import connection, transaction

from costs.budgets.applying import Budgets, Key, firm_zone
from costs.budgets.ledger_sums import ledger_spent
from costs.models import Budget, BudgetPeriod
from costs.periods import period_of

ZERO = Decimal(0)
SPENDING = 0x636F737473  # names the lock that all who spend share: "costs"
_PLACES = Decimal("1e-15")


@dataclass(frozen=True)
class Move:
    """A change of one period's counters, in USD. ``binds``: not beyond the budget's amount."""

    reserved: Decimal = ZERO
    spent: Decimal = ZERO
    binds: bool = False

    def __add__(self, other: Move) -> Move:
        return Move(
            self.reserved + other.reserved, self.spent + other.spent, self.binds or other.binds
        )


@dataclass(frozen=True)
class Counter:
    """A period's counters after a change."""

    period: int
    key: Key
    spent: Decimal
    reserved: Decimal


def exact(usd: Decimal) -> Decimal:
    """As the tables hold it: fifteen places. ValueError for what is no amount."""
    if not usd.is_finite():
        raise ValueError(f"An amount in USD is a finite number, not {usd}.")
    return usd.quantize(_PLACES, ROUND_HALF_EVEN)


# The values that decide come from rows that are locked: nothing can change them meanwhile.
# Where a row is missing none is locked, because who makes rows must not hold others.
_CHANGE = """
WITH asked AS (
    SELECT * FROM unnest(
        %s::bigint[], %s::timestamptz[], %s::bigint[], %s::numeric[], %s::numeric[], %s::boolean[]
    ) AS asked (budget_id, starts_at, user_id, reserved, spent, binds)
), there AS MATERIALIZED (
    SELECT p.id, asked.reserved, asked.spent, asked.binds
    FROM asked
    JOIN costs_budgetperiod p
      ON p.budget_id = asked.budget_id AND p.starts_at = asked.starts_at
     AND coalesce(p.user_id, 0) = asked.user_id
), locked AS MATERIALIZED (
    SELECT p.id, there.reserved, there.spent,
           NOT there.binds
           OR p.spent_usd + p.reserved_usd + there.reserved <= b.amount_usd AS fits
    FROM there
    JOIN costs_budgetperiod p ON p.id = there.id
    JOIN costs_budget b ON b.id = p.budget_id
    WHERE (SELECT count(*) FROM there) = %s
    ORDER BY p.budget_id, p.starts_at, p.user_id NULLS FIRST
    FOR NO KEY UPDATE OF p
)
UPDATE costs_budgetperiod p
SET reserved_usd = p.reserved_usd + locked.reserved, spent_usd = p.spent_usd + locked.spent
FROM locked
WHERE p.id = locked.id AND (SELECT count(*) = %s AND bool_and(locked.fits) FROM locked)
RETURNING p.id, p.budget_id, p.starts_at, coalesce(p.user_id, 0), p.spent_usd, p.reserved_usd
"""


def change(moves: Mapping[Key, Move]) -> list[Counter]:
    """Make all changes, or none where a budget has no room or a row is missing: then empty."""
    keys = sorted(moves)
    asked: list[Any] = [
        [one.budget for one in keys], [one.starts_at for one in keys], [one.user for one in keys],
        [moves[one].reserved for one in keys], [moves[one].spent for one in keys],
        [moves[one].binds for one in keys], len(keys), len(keys),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, asked)
        return [
            Counter(period, Key(budget, starts_at.astimezone(UTC), user), spent, reserved)
            for period, budget, starts_at, user, spent, reserved in cursor.fetchall()
        ]


def announce() -> None:
    """Say that this transaction spends, before it reads the budgets: see ``rebuilding.begin``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SPENDING])


_CREATE = """
INSERT INTO costs_budgetperiod (budget_id, user_id, starts_at, ends_at, reserved_usd, spent_usd)
VALUES (%s, %s, %s, %s, 0, 0)
ON CONFLICT (budget_id, user_id, starts_at) DO NOTHING
RETURNING id
"""


def create_missing(keys: Collection[Key], budgets: Budgets, *, but: int | None = None) -> set[Key]:
    """Make the periods' rows that aren't there, with what the ledger holds for them already.

    ``but``: a record that isn't counted, because its cost is about to be added. Who comes
    second waits for the first, and finds the row. The keys of those made here.
    """
    made: set[Key] = set()
    if not keys:
        return made
    by_pk = {budget.pk: budget for budget in budgets.rows}
    with transaction.atomic(), connection.cursor() as cursor:
        announce()
        for one in sorted(keys):
            budget = by_pk[one.budget]
            _, end = period_of(budget.every, one.starts_at, firm_zone())
            cursor.execute(_CREATE, [budget.pk, one.user or None, one.starts_at, end])
            if row := cursor.fetchone():
                _begin(row[0], budget, but)
                made.add(one)
    return made


def _begin(pk: int, budget: Budget, but: int | None) -> None:
    period = BudgetPeriod.objects.get(pk=pk)
    spent = ledger_spent(budget, period, but=but)
    if spent:
        BudgetPeriod.objects.filter(pk=pk).update(spent_usd=spent)


def existing(keys: Collection[Key]) -> dict[Key, BudgetPeriod]:
    """The rows that are there, by key."""
    rows = BudgetPeriod.objects.filter(
        budget__in={one.budget for one in keys}, starts_at__in={one.starts_at for one in keys}
    )
    found = {Key.of(row): row for row in rows}
    return {one: found[one] for one in keys if one in found}


def change_surely(
    moves: Mapping[Key, Move], budgets: Budgets, *, but: int | None = None
) -> Sequence[Counter]:
    """``change``, with missing rows made first. Empty only where a budget has no room."""
    can_refuse = any(move.binds for move in moves.values())
    while moves:
        if changed := change(moves):
            return changed
        # A row may have come meanwhile: then nobody refused.
        if missing := moves.keys() - existing(moves.keys()).keys():
            create_missing(missing, budgets, but=but)
        elif can_refuse:
            break
    return []
