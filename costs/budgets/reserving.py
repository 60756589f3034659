"""Money is held back before a call: what doesn't fit into every budget isn't sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from costs.budgets.applying import Budgets, Key, Purpose, firm_zone, key
from costs.budgets.counters import Counter, Move, change_surely, exact, existing
from costs.budgets.thresholds import note_refusal, raise_passed
from costs.errors import OverBudget
from costs.models import Budget, BudgetPeriod, UsageRecord

FREE = "extractive"


def reserve(records: Sequence[tuple[UsageRecord, Decimal]]) -> None:
    """Hold back each record's USD in all budgets that it belongs to, or nothing at all.

    Inside the caller's transaction, which must roll back on OverBudget; the records are saved.
    What costs nothing is never refused. The period is that of ``sent_at``.
    """
    must_be_in_transaction("reserve")
    asked = [(record, exact(usd)) for record, usd in records if _costs(record, usd)]
    if not asked:
        return
    purposes = {Purpose.of(record) for record, _ in asked}
    while True:  # again only where an operator gave room between refusal and explanation
        budgets = Budgets.for_purposes(purposes)
        shares = [share for record, usd in asked for share in _shares(record, usd, budgets)]
        if not shares:
            return
        moves = _together(shares)
        if counters := change_surely(moves, budgets):
            break
        if refusal := _refusal(moves, Budgets.for_purposes(purposes)):
            raise refusal
    _hold(shares, counters)
    raise_passed(counters, moves, budgets)


@dataclass(frozen=True)
class Share:
    """What one record holds back in one period. ``binds``: its budget may refuse."""

    record: UsageRecord
    key: Key
    usd: Decimal
    binds: bool


def _shares(record: UsageRecord, usd: Decimal, budgets: Budgets) -> Iterable[Share]:
    purpose = Purpose.of(record)
    binding = budgets.binding(purpose)
    for budget in budgets.counting(purpose):
        yield Share(record, key(budget, purpose, record.sent_at), usd, budget in binding)


def _together(shares: Iterable[Share]) -> Mapping[Key, Move]:
    moves: dict[Key, Move] = defaultdict(Move)
    for share in shares:
        moves[share.key] += Move(reserved=share.usd, binds=share.binds)
    return moves


_HOLD = """
INSERT INTO costs_reservation (record_id, period_id, usd, is_open)
SELECT record_id, period_id, usd, true
FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS held (record_id, period_id, usd)
"""


def _hold(shares: Sequence[Share], counters: Iterable[Counter]) -> None:
    periods = {counter.key: counter.period for counter in counters}
    rows: list[Any] = [
        [share.record.pk for share in shares],
        [periods[share.key] for share in shares],
        [share.usd for share in shares],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, rows)


def _costs(record: UsageRecord, usd: Decimal) -> bool:
    if usd < 0:
        raise ValueError(f"{usd} USD can't be reserved: an amount isn't negative.")
    return usd > 0 and record.provider != FREE


def _refusal(moves: Mapping[Key, Move], budgets: Budgets) -> OverBudget | None:
    """Names the budget without room that resets last: before that, nothing helps."""
    by_pk = {budget.pk: budget for budget in budgets.rows}
    refusing = [
        (period, by_pk[one.budget], moves[one].reserved, one)
        for one, period in existing(moves.keys()).items()
        if one.budget in by_pk
        and moves[one].binds
        and left(period, by_pk[one.budget]) < moves[one].reserved
    ]
    if not refusing:
        return None
    for _, _, needed, one in refusing:
        note_refusal(one, needed)
    period, budget, needed, _ = max(refusing, key=lambda one: (one[0].ends_at, one[2]))
    return OverBudget(
        budget=str(budget),
        amount_usd=budget.amount_usd,
        left_usd=left(period, budget),
        needed_usd=needed,
        resets_at=period.ends_at.astimezone(firm_zone()),
    )


def left(period: BudgetPeriod, budget: Budget) -> Decimal:
    return budget.amount_usd - period.spent_usd - period.reserved_usd


def must_be_in_transaction(what: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(
            f"{what}() belongs into the transaction that writes the ledger: "
            f"call it inside transaction.atomic()."
        )
