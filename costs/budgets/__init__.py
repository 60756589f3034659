"""Budgets: ``reserve`` before a call, ``spend`` after it, ``adjust`` what turns out otherwise.

All three belong into the transaction that writes the ledger, and change a period's counters by
one statement that locks its rows in a fixed order.
"""

from costs.budgets.defaults import ensure_budgets
from costs.budgets.expenses import enter, take_back
from costs.budgets.rebuilding import Discrepancy, begin, discrepancies, rebuild
from costs.budgets.reserving import reserve
from costs.budgets.spending import adjust, spend
from costs.budgets.standing import Standing, room_for, standings
from costs.budgets.stopping import batch_may_run, resume_batch
from costs.budgets.thresholds import raise_due

__all__ = [
    "Discrepancy",
    "Standing",
    "adjust",
    "batch_may_run",
    "begin",
    "discrepancies",
    "ensure_budgets",
    "enter",
    "raise_due",
    "rebuild",
    "reserve",
    "resume_batch",
    "room_for",
    "spend",
    "standings",
    "take_back",
]
