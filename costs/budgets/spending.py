"""What was billed takes the place of what was held back, once a call.

``spent`` of a period is the sum of its records' costs and its expenses: ``rebuilding.py``
counts it anew from them.
"""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

from django.db import connection

from costs.budgets.applying import Budgets, Key, Purpose, key
from costs.budgets.counters import Move, announce, change_surely, create_missing, exact, existing
from costs.budgets.reserving import must_be_in_transaction
from costs.budgets.thresholds import raise_passed
from costs.models import Reservation, UsageRecord


def spend(record: UsageRecord, usd: Decimal) -> None:
    """Release what the record holds back and count ``usd`` as spent, in the same periods.

    Inside the transaction that writes the record's outcome; ``usd`` is its ``cost_usd``. A
    record that was spent before is left alone. Nothing is refused: it is billed already.
    """
    must_be_in_transaction("spend")
    usd = exact(usd)
    if usd < 0:
        raise ValueError(f"{usd} USD can't be spent: an amount isn't negative.")
    announce()
    released = _release(record)
    if not released and (usd == 0 or Reservation.objects.filter(record=record).exists()):
        return
    budgets = Budgets.for_purposes([Purpose.of(record)])
    moves = _moves(record, usd, budgets)
    for one, held in released.items():
        counted = moves.get(one, Move(spent=usd))
        moves[one] = counted + Move(reserved=-held)
    counters = change_surely(moves, budgets, but=record.pk)
    if not released:
        # Closed from the start: the mark that this record was spent.
        Reservation.objects.bulk_create(
            Reservation(record=record, period_id=one.period, usd=0, is_open=False)
            for one in counters
        )
    raise_passed(counters, moves, budgets)


def adjust(record: UsageRecord, delta_usd: Decimal) -> None:
    """Correct what a record has spent by ``delta_usd``, which may be negative.

    Inside the transaction that changes the record's ``cost_usd``, after it has.
    """
    must_be_in_transaction("adjust")
    delta = exact(delta_usd)
    if not delta:
        return
    announce()
    budgets = Budgets.for_purposes([Purpose.of(record)])
    moves = _moves(record, delta, budgets)
    spent_in = Reservation.objects.filter(record=record).select_related("period")
    for held in spent_in:
        moves.setdefault(Key.of(held.period), Move(spent=delta))
    made = create_missing(moves.keys() - existing(moves.keys()).keys(), budgets)
    for one in made:  # counted from the ledger, where the correction stands already
        del moves[one]
    raise_passed(change_surely(moves, budgets), moves, budgets)


def _moves(record: UsageRecord, usd: Decimal, budgets: Budgets) -> dict[Key, Move]:
    purpose = Purpose.of(record)
    return {
        key(budget, purpose, record.sent_at): Move(spent=usd)
        for budget in budgets.counting(purpose)
    }


_RELEASE = """
UPDATE costs_reservation r SET is_open = false
FROM costs_budgetperiod p
WHERE p.id = r.period_id AND r.record_id = %s AND r.is_open
RETURNING p.budget_id, p.starts_at, coalesce(p.user_id, 0), r.usd
"""


def _release(record: UsageRecord) -> dict[Key, Decimal]:
    """Close the record's open reservations; who comes second finds none."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [record.pk])
        return {
            Key(budget, starts_at.astimezone(UTC), user): usd
            for budget, starts_at, user, usd in cursor.fetchall()
        }
