"""What the models' part in a stock's summary cost."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from costs.models import UsageRecord
from summaries.authoring.asking import AGENT


def spent(*, run: str, ticker: str) -> Decimal:
    """USD that a run's questions about a stock cost so far, by the ledger: each attempt once,
    whatever was asked again, replayed or thrown away."""
    records = UsageRecord.objects.filter(run=run, stock=ticker, agent=AGENT)
    return records.aggregate(total=Sum("cost_usd"))["total"] or Decimal(0)
