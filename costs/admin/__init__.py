"""The operators' view of money."""

from costs.admin import exports, ledger, prices

__all__ = ["exports", "ledger", "prices"]
