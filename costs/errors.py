"""Why no call may be made: said before it, never after."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal


class CostError(Exception):
    """Of the money side of a call."""


class Unpriced(CostError):
    """The price list has no price for the model at that time."""

    def __init__(self, provider: str, model: str) -> None:
        super().__init__(
            f"{provider} {model} has no price in force: add one under Prices in the admin, or to "
            f"costs/prices.csv and run manage.py load_prices. Nothing was sent."
        )


class OverBudget(CostError):
    """A budget has no room for the call; ``resets_at`` is when its next period begins."""

    def __init__(
        self, budget: str, amount_usd: Decimal, left_usd: Decimal, needed_usd: Decimal,
        resets_at: datetime,
    ) -> None:  # fmt: skip
        super().__init__(
            f"The budget {budget} of {amount_usd:.2f} USD has {max(left_usd, Decimal(0)):.2f} USD "
            f"left, the call may need {needed_usd:.4f}. It starts anew at {resets_at:%Y-%m-%d %H:%M %Z}."
        )
        self.budget, self.amount_usd, self.left_usd = budget, amount_usd, left_usd
        self.needed_usd, self.resets_at = needed_usd, resets_at
