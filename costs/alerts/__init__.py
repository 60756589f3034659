"""Telling people that a budget runs out: a row is written first, and sent after."""

from costs.alerts.outbox import Round, deliver_due, send_again
from costs.budgets.thresholds import raise_due

__all__ = ["Round", "deliver_due", "raise_due", "send_again"]
