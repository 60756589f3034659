"""Calls for tests, everything given or plainly defaulted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from costs import ledger
from costs.ledger import Entry
from costs.models import Budget, BudgetPeriod, UsageRecord
from costs.tokens import Tokens

HAIKU, SONNET = "claude-haiku-5-5", "claude-sonnet-5-5"


def entry(**given: Any) -> Entry:
    plain: dict[str, Any] = {
        "provider": "anthropic", "model": SONNET, "operation": "write", "category": "batch",
        "agent": "writer", "estimated_tokens": 1000, "most_output_tokens": 500,
    }  # fmt: skip
    return Entry(**{**plain, **given})


def opened(at: datetime | None = None, **given: Any) -> UsageRecord:
    """A call under way; ``at``: when it was sent."""
    return ledger.open_call(entry(**given), at=at)


def settled(
    tokens: Tokens | None = None, at: datetime | None = None, *, request_id: str = "",
    response_id: str = "", **given: Any,
) -> UsageRecord:  # fmt: skip
    record = opened(at, **given)
    used = tokens or Tokens(input=1000, output=100)
    return ledger.settle(record.pk, used, request_id=request_id, response_id=response_id)


def lost(at: datetime | None = None, tokens: Tokens | None = None, **given: Any) -> UsageRecord:
    record = opened(at, **given)
    return ledger.lose(record.pk, "timed_out", tokens=tokens or Tokens(input=1000))


def counters(budget: Budget) -> tuple[Decimal, Decimal]:
    """What its periods have reserved and spent, USD."""
    rows = BudgetPeriod.objects.filter(budget=budget).values_list("reserved_usd", "spent_usd")
    return (
        sum((row[0] for row in rows), Decimal(0)),
        sum((row[1] for row in rows), Decimal(0)),
    )
