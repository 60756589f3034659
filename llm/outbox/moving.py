"""A batch whose provider won't take it: its questions go to the next model."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from llm.errors import Kind
from llm.models import BatchEntry, CircuitEvent, MessageBatch
from llm.outbox import booking, following
from llm.outbox.owning import Claim

log = structlog.get_logger(__name__)

# A provider that takes nothing for so long is given up for these questions.
OUT_FOR = timedelta(hours=1)


def is_out(batch: MessageBatch, now: datetime) -> bool:
    """Whether the batch has waited for its provider too long, or its circuit is open so long."""
    if batch.created_at <= now - OUT_FOR:
        return True
    events = CircuitEvent.objects.filter(provider=batch.provider).order_by("at", "pk")
    closed = events.filter(state=CircuitEvent.State.CLOSED).last()
    opened = (events.filter(at__gt=closed.at) if closed else events).first()
    return opened is not None and opened.at <= now - OUT_FOR


@transaction.atomic
def to_next_model(claim: Claim, kind: Kind, now: datetime, *, is_lost: bool = False) -> None:
    """The batch has failed; each entry starts anew with its next model, or has failed with it.

    Nothing of it was billed; or nobody knows, where it ``is_lost``. Raises ClaimLost.
    """
    claim.give_back(state=MessageBatch.State.FAILED, problem=f"not taken by the provider ({kind})")
    entries = list(
        BatchEntry.objects.select_for_update().filter(
            batch=claim.batch, state=BatchEntry.State.IN_BATCH
        )
    )
    for entry in entries:
        if is_lost:
            booking.lose(entry, kind)
        else:
            booking.fail(entry, kind)
    close_and_follow(entries, kind, now)


def close_and_follow(entries: list[BatchEntry], kind: Kind, now: datetime) -> None:
    """End them and put those that have a next model into its line; in the caller's transaction."""
    cancelled = [entry for entry in entries if entry.error == following.CANCELLED]
    others = [entry for entry in entries if entry.error != following.CANCELLED]
    next_ones = [following.on_next_model(entry) for entry in others]
    ended(cancelled, BatchEntry.State.CANCELLED, following.CANCELLED, now)
    ended(others, BatchEntry.State.FAILED, kind, now)
    BatchEntry.objects.bulk_create([entry for entry in next_ones if entry is not None])
    if lost := next_ones.count(None):
        log.warning("llm.outbox.no_next_model", entries=lost, kind=kind)


def ended(entries: list[BatchEntry], state: str, error: str, now: datetime) -> None:
    BatchEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        state=state, error=error, ended_at=now
    )
