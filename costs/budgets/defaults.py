"""The budgets a firm begins with. What an operator changed or switched off stays as it is."""

from __future__ import annotations

from decimal import Decimal

from costs.budgets.applying import SCOPE
from costs.budgets.stopping import ensure_batch_switch
from costs.models import Budget

MONTHLY_USD = {
    SCOPE.FIRM: Decimal(2_000),
    SCOPE.BATCH: Decimal(1_200),
    SCOPE.QUERIES: Decimal(600),
    SCOPE.INFRASTRUCTURE: Decimal(200),
}


def ensure_budgets() -> list[Budget]:
    """Make what is missing, and the batch's switch; the budgets that were made.

    A scope that has any budget of the firm's own, by day or week too, has what its operators
    want.
    """
    ensure_batch_switch()
    have = set(Budget.objects.values_list("scope", flat=True))
    made = []
    for scope, amount in MONTHLY_USD.items():
        if scope not in have:
            budget, is_new = Budget.objects.get_or_create(
                scope=scope, team=None, user=None, every=Budget.Every.MONTH,
                defaults={"amount_usd": amount},
            )  # fmt: skip
            made += [budget] if is_new else []
    return made
