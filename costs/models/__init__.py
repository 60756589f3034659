"""The tables of money: prices, the ledger, budgets, what providers say they billed."""

from costs.models.budgets import Budget, BudgetAlert, BudgetPeriod, Reservation
from costs.models.exports import ExportLine, UsageExport
from costs.models.prices import Price
from costs.models.usage import Category, CostAdjustment, Expense, Team, UsageRecord

__all__ = [
    "Budget",
    "BudgetAlert",
    "BudgetPeriod",
    "Category",
    "CostAdjustment",
    "Expense",
    "ExportLine",
    "Price",
    "Reservation",
    "Team",
    "UsageExport",
    "UsageRecord",
]
