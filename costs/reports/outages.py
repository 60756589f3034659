"""What failures cost: attempts that were billed and thrown away, and calls another model answered.

Attempts of one call share its id; the last settled one answered it, unless it broke off.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from costs.models import UsageRecord
from costs.reports.spending import ZERO, records
from costs.reports.window import Window


@dataclass(frozen=True)
class Outage:
    """Of one provider: ``failed``: attempts that came to nothing; ``wasted_usd``: what of them was
    billed; ``answered_elsewhere``: calls that began there and another provider answered, for
    ``elsewhere_usd``."""

    provider: str
    attempts: int
    failed: int
    wasted_usd: Decimal
    answered_elsewhere: int
    elsewhere_usd: Decimal
    kinds: tuple[tuple[str, int], ...]


def outages(window: Window) -> list[Outage]:
    """Per provider that had a failure in the window, the worst first."""
    rows = records(window).order_by()
    lost = Q(state=UsageRecord.State.FAILED) | Q(state=UsageRecord.State.UNKNOWN) | ~Q(error="")
    counted: Any = (
        rows.values("provider")
        .annotate(n=Count("pk"), lost=Count("pk", filter=lost), usd=Sum("cost_usd", filter=lost))
        .filter(lost__gt=0)
    )
    found = [
        Outage(
            row["provider"], row["n"], row["lost"], row["usd"] or ZERO,
            *_elsewhere(window, row["provider"]), _kinds(rows.filter(lost), row["provider"]),
        )
        for row in counted
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.failed)


def _elsewhere(window: Window, provider: str) -> tuple[int, Decimal]:
    began_there = UsageRecord.objects.filter(call=OuterRef("call"), provider=provider).filter(
        Q(state=UsageRecord.State.FAILED) | Q(state=UsageRecord.State.UNKNOWN) | ~Q(error="")
    )
    answered = (
        records(window)
        .filter(Exists(began_there), state=UsageRecord.State.SETTLED, error="")
        .exclude(provider=provider)
        .aggregate(n=Count("pk"), usd=Sum("cost_usd"))
    )
    return answered["n"], answered["usd"] or ZERO


def _kinds(rows: Any, provider: str) -> tuple[tuple[str, int], ...]:
    found = rows.filter(provider=provider).values_list("error").annotate(n=Count("pk"))
    return tuple((kind or "unknown", n) for kind, n in found.order_by("-n", "error"))
