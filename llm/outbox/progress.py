"""How far the outbox is: for whoever waits for answers, and for operators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Q, Sum

from llm.models import BatchEntry, MessageBatch

State = BatchEntry.State

OPEN = (State.WAITING, State.IN_BATCH)
_USD = DecimalField(max_digits=40, decimal_places=18)


@dataclass(frozen=True)
class BatchLine:
    """``failed``: entries of this batch without an answer; what they were tried again
    in is another batch's. ``saved_usd``: what the same calls would
    have cost more at the full price."""

    batch: MessageBatch
    entries: int
    answered: int
    failed: int
    waiting: int
    cost_usd: Decimal
    saved_usd: Decimal


def is_open(key: str) -> bool:
    """Whether the answer under that key may still come."""
    return BatchEntry.objects.filter(key=key, state__in=OPEN).exists()


def open_keys(keys: Collection[str]) -> set[str]:
    """Those of the keys whose answer may still come; ask again for the others."""
    found = BatchEntry.objects.filter(key__in=list(keys), state__in=OPEN)
    return set(found.values_list("key", flat=True))


def open_entries(run: str) -> int:
    """How many answers the run still waits for."""
    return BatchEntry.objects.filter(run=run, state__in=OPEN).count()


def anything_open() -> bool:
    """Whether there is anything to submit, to poll or to settle."""
    states = MessageBatch.State
    unsettled = ~Q(state__in=(states.SETTLED, states.FAILED))
    return (
        BatchEntry.objects.filter(state__in=OPEN).exists()
        or MessageBatch.objects.filter(unsettled).exists()
    )


def lines(most: int) -> list[BatchLine]:
    """The newest batches, so many."""
    batches = list(MessageBatch.objects.order_by("-pk")[:most])
    told = {row["batch"]: row for row in _figures([batch.pk for batch in batches])}
    return [_line(batch, told.get(batch.pk, {})) for batch in batches]


def _figures(batches: Collection[int]) -> Iterable[Mapping[str, Any]]:
    full = F("record__cost_usd") / F("record__price__batch_factor")
    return (
        BatchEntry.objects.filter(batch__in=list(batches))
        .order_by()
        .values("batch")
        .annotate(
            entries=Count("pk"),
            answered=Count("pk", filter=Q(state=State.ANSWERED)),
            waiting=Count("pk", filter=Q(state__in=OPEN)),
            cost=Sum("record__cost_usd", default=Decimal(0)),
            full=Sum(full, default=Decimal(0), output_field=_USD),
        )
    )


def _line(batch: MessageBatch, told: Mapping[str, Any]) -> BatchLine:
    entries, cost = told.get("entries", 0), told.get("cost", Decimal(0))
    answered, waiting = told.get("answered", 0), told.get("waiting", 0)
    return BatchLine(
        batch=batch,
        entries=entries,
        answered=answered,
        failed=entries - answered - waiting,
        waiting=waiting,
        cost_usd=cost,
        saved_usd=told.get("full", Decimal(0)) - cost,
    )
