"""A run that was cancelled: what waits isn't sent, what is sent alone is asked back."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from llm.attempts import refuse_transaction
from llm.errors import CallFailed
from llm.models import BatchEntry, MessageBatch
from llm.outbox import booking, following, moving
from llm.outbox.owning import Claim, take
from llm.providers import setup

log = structlog.get_logger(__name__)

State = BatchEntry.State
LEASE = timedelta(minutes=1)


def cancel(run: str) -> int:
    """End the run's entries; how many are cancelled at once.

    Those in batches of this run alone are cancelled at the provider. What it has done already is
    billed and kept; entries beside those of other runs are answered with them. Raises ValueError
    for "", RuntimeError inside a transaction.
    """
    if not run:
        raise ValueError("Say which run is to be cancelled.")
    refuse_transaction()
    now = timezone.now()
    entries = BatchEntry.objects.filter(run=run)
    cancelled = entries.filter(state=State.WAITING).update(
        state=State.CANCELLED, error=following.CANCELLED, ended_at=now
    )
    # Not tried again, whatever comes of them.
    entries.filter(state=State.IN_BATCH).update(error=following.CANCELLED)
    open_ones = BatchEntry.objects.filter(state=State.IN_BATCH)
    of_others = open_ones.exclude(run=run).values("batch")
    for batch in MessageBatch.objects.filter(
        pk__in=open_ones.filter(run=run).values("batch")
    ).exclude(pk__in=of_others):
        cancelled += _cancel(batch)
    return cancelled


def _cancel(batch: MessageBatch) -> int:
    if batch.state == MessageBatch.State.SUBMITTED:
        try:
            setup.provider(batch.provider).cancel(batch.provider_id)
        except CallFailed as failure:
            log.warning("llm.outbox.not_cancelled", batch=batch.pk, kind=failure.kind)
        return 0
    if batch.state == MessageBatch.State.COLLECTED and (
        claim := take(batch, timezone.now(), LEASE)
    ):
        return _drop(claim)
    return 0


@transaction.atomic
def _drop(claim: Claim) -> int:
    """It was never sent."""
    claim.give_back(state=MessageBatch.State.FAILED, problem="its run was cancelled")
    entries = list(
        BatchEntry.objects.select_for_update().filter(batch=claim.batch, state=State.IN_BATCH)
    )
    for entry in entries:
        booking.fail(entry, following.CANCELLED)
    moving.ended(entries, State.CANCELLED, following.CANCELLED, timezone.now())
    return len(entries)
