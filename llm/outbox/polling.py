"""Batches at providers: asked how they stand, less often the longer they take, and settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from llm.attempts import refuse_transaction
from llm.errors import CallFailed, Kind
from llm.models import MessageBatch
from llm.outbox.owning import ClaimLost, take, takeable
from llm.outbox.settling import settle, settle_failed
from llm.providers import BatchStatus, setup

log = structlog.get_logger(__name__)

State = MessageBatch.State

# Renewed with each portion; reading a batch's results may take the provider a while to begin.
LEASE = timedelta(minutes=5)
AGAIN = timedelta(seconds=60)
# Providers end a batch within 24 hours.
OVERDUE = timedelta(hours=25)


@dataclass(frozen=True)
class Pauses:
    """Seconds between two looks at a batch: a tenth of its age, within these bounds."""

    shortest: float = 10.0
    longest: float = 60.0

    def after(self, age: timedelta) -> timedelta:
        seconds = min(self.longest, max(self.shortest, age.total_seconds() / 10))
        return timedelta(seconds=seconds)


PAUSES = Pauses()


def poll_due(now: datetime | None = None, *, pauses: Pauses = PAUSES) -> int:
    """Look at the batches whose time has come, and settle those that ended; how many entries ended.

    Raises RuntimeError inside a transaction.
    """
    refuse_transaction()
    for batch in MessageBatch.objects.filter(state=State.SUBMITTED).order_by("pk"):
        _look(batch, now or timezone.now(), pauses)
    ended = list(takeable(now or timezone.now(), State.ENDED))
    return sum(_settled(batch, now or timezone.now()) for batch in ended)


def _look(batch: MessageBatch, now: datetime, pauses: Pauses) -> None:
    age = now - (batch.submitted_at or batch.created_at)
    if batch.polled_at is not None and now < batch.polled_at + pauses.after(age):
        return
    ours = MessageBatch.objects.filter(
        pk=batch.pk, state=State.SUBMITTED, polled_at=batch.polled_at
    )
    if ours.update(polled_at=now) != 1:
        return  # somebody else looks
    try:
        status = setup.provider(batch.provider).batch(batch.provider_id)
    except CallFailed as failure:
        _unanswered(batch, failure, now, is_overdue=age > OVERDUE)
        return
    if status.state == "in_progress":
        if age > OVERDUE:
            _trouble(batch, "the provider has not ended it after 25 hours")
        return
    _ended(batch, status, now)


def _unanswered(
    batch: MessageBatch, failure: CallFailed, now: datetime, *, is_overdue: bool
) -> None:
    if is_overdue and failure.kind is Kind.BAD_REQUEST:
        # It is gone, and nobody knows what was done of it: as if it had ended without results.
        MessageBatch.objects.filter(pk=batch.pk, state=State.SUBMITTED).update(
            state=State.ENDED, ended_at=now, problem="the provider does not know it any more"
        )
        return
    _trouble(batch, f"could not be looked at ({failure.kind})")


def _ended(batch: MessageBatch, status: BatchStatus, now: datetime) -> None:
    if status.state == "failed":
        settle_failed(batch, now)
        return
    MessageBatch.objects.filter(pk=batch.pk, state=State.SUBMITTED).update(
        state=State.ENDED, ended_at=status.ended_at or now, problem=""
    )
    log.info("llm.outbox.ended", batch=batch.pk)


def _settled(batch: MessageBatch, now: datetime) -> int:
    claim = take(batch, now, LEASE)
    if claim is None:
        return 0
    settled = 0
    try:
        for number in settle(claim, lease=LEASE):
            settled += number
    except CallFailed as failure:
        log.warning("llm.outbox.results_broke_off", batch=batch.pk, kind=failure.kind)
        problem = f"its results could not be read ({failure.kind})"
        try:
            claim.give_back(until=now + AGAIN, problem=problem)
        except ClaimLost:
            log.warning("llm.outbox.claim_lost", batch=batch.pk)
    except ClaimLost:
        log.warning("llm.outbox.claim_lost", batch=batch.pk)
    return settled


def _trouble(batch: MessageBatch, problem: str) -> None:
    log.warning("llm.outbox.trouble", batch=batch.pk, problem=problem)
    MessageBatch.objects.filter(pk=batch.pk).exclude(problem=problem).update(problem=problem)


__all__ = ["PAUSES", "Pauses", "poll_due"]
