"""The operators' view of money."""

from costs.admin import budgets, exports, ledger, prices

__all__ = ["budgets", "exports", "ledger", "prices"]
