"""How far our counts of prompts, made before the calls, were from the providers'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField
from django.db.models.functions import Abs, Cast

from costs.models import UsageRecord


@dataclass(frozen=True)
class EstimateError:
    """Errors are (estimated - actual) / actual: 0.1 is a tenth too many. ``median`` has a sign;
    95 % of the calls are off by ``p95`` at most, either way."""

    provider: str
    model: str
    calls: int
    median: float
    p95: float


class _Percentile(Aggregate):
    function = "percentile_cont"
    output_field = FloatField()

    def __init__(self, expression: Any, share: float = 0.5, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)

    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"


def estimate_error(
    from_at: datetime | None = None, until_at: datetime | None = None
) -> list[EstimateError]:
    """By model, of the settled calls that had an estimate and whose use the provider told."""
    rows = UsageRecord.objects.filter(
        state=UsageRecord.State.SETTLED, is_estimate=False, estimated_tokens__gt=0
    )
    if from_at is not None:
        rows = rows.filter(sent_at__gte=from_at)
    if until_at is not None:
        rows = rows.filter(sent_at__lt=until_at)
    actual = (
        F("input_tokens") + F("cache_write_tokens") + F("cache_write_1h_tokens")
        + F("cache_read_tokens")
    )  # fmt: skip
    told = (
        rows.annotate(actual=actual)
        .filter(actual__gt=0)
        .annotate(
            off=Cast(F("estimated_tokens") - F("actual"), FloatField())
            / Cast(F("actual"), FloatField())
        )
        .values("provider", "model")
        .annotate(calls=Count("pk"), median=_Percentile("off"), p95=_Percentile(Abs("off"), 0.95))
        .order_by("provider", "model")
    )
    return [EstimateError(**one) for one in told]
