"""Expenses: spent when they are entered, in the firm's budget and their category's.

An expense falls into the period of its date. It is never refused: the bill is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from costs.budgets.applying import Budgets, Key, Purpose, firm_zone, key
from costs.budgets.counters import Move, announce, change, create_missing, existing
from costs.budgets.thresholds import raise_passed
from costs.models import Expense
from costs.periods import midnight


@transaction.atomic
def enter(expense: Expense) -> Expense:
    """Save a new or a changed expense, and count it."""
    announce()
    before = _stored(expense)
    budgets = _budgets(expense, before)
    moves = _moves(budgets, after=expense, before=before)
    # Rows that are made now count what is stored now: so before the change is saved.
    create_missing(moves.keys() - existing(moves.keys()).keys(), budgets)
    expense.save()
    _count(moves, budgets)
    return expense


@transaction.atomic
def take_back(expense: Expense) -> None:
    """Delete an expense, and count it no more."""
    announce()
    before = _stored(expense)
    if before is None:
        return
    budgets = _budgets(before)
    moves = _moves(budgets, after=None, before=before)
    there = {one: moves[one] for one in existing(moves.keys())}
    Expense.objects.filter(pk=before.pk).delete()
    _count(there, budgets)


def _stored(expense: Expense) -> Expense | None:
    return Expense.objects.select_for_update().filter(pk=expense.pk).first()


def _budgets(*expenses: Expense | None) -> Budgets:
    return Budgets.for_purposes(Purpose(one.category) for one in expenses if one)


def _moves(
    budgets: Budgets, *, after: Expense | None, before: Expense | None
) -> Mapping[Key, Move]:
    moves: dict[Key, Move] = defaultdict(Move)
    for expense, sign in ((before, -1), (after, 1)):
        if expense is None:
            continue
        purpose = Purpose(expense.category)
        for budget in budgets.counting(purpose):
            at = midnight(_as_date(expense.on), firm_zone())
            moves[key(budget, purpose, at)] += Move(spent=sign * Decimal(expense.amount_usd))
    return moves


def _count(moves: Mapping[Key, Move], budgets: Budgets) -> None:
    if moves:
        raise_passed(change(moves), moves, budgets)


def _as_date(on: Any) -> date:
    return on if isinstance(on, date) else date.fromisoformat(on)
