"""How the lists of money print an amount."""

from __future__ import annotations

from decimal import Decimal


def exactly(usd: Decimal) -> str:
    """All of its digits, and no more: 0.00052."""
    return f"{usd.normalize():f}" if usd else "0"
