"""A batch goes to its provider once.

    collected ──claim──► submitting ──the provider's id──► submitted
        ▲                    │  ▲
        └─ surely not there ─┘  └─ it may be there: looked for, by its marker, before another try

The provider is called between two short transactions. Whoever dies there leaves ``submitting``:
the next worker looks for the batch among the provider's, and submits only when it surely isn't
there. Should a worker come back from a submission that was thought dead, the batch that is
written down first counts, and the other one is cancelled.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from costs.models import UsageRecord
from costs.tokens import Tokens
from llm import limits
from llm.attempts import refuse_transaction
from llm.errors import CallFailed, Kind
from llm.limits import Busy, Outcome
from llm.models import BatchEntry, MessageBatch
from llm.outbox import moving
from llm.outbox.collecting import collect
from llm.outbox.owning import Claim, ClaimLost, take, takeable
from llm.outbox.packing import unpacked
from llm.providers import setup
from llm.values import Request

log = structlog.get_logger(__name__)

State = MessageBatch.State

# Longer than a submission may take by the providers' time-outs, OpenAI's file included.
LEASE = timedelta(minutes=15)
# The provider answered, and did nothing; or nothing reached it.
SURELY_NOT_THERE = frozenset({Kind.UNREACHABLE, Kind.RATE_LIMITED, Kind.OVERLOADED})
UNAVAILABLE = 503
# So old a batch has ended or expired, wherever it is: nobody looks for it any more, its questions
# go on, and its rows on the ledger stay unknown until an export says what was billed.
GIVEN_UP = timedelta(hours=25)
# How long until a batch that couldn't be submitted is tried again, or looked for again.
AGAIN = timedelta(seconds=30)
SEAT_SECONDS = 5.0
# Of the provider's other batches, those accounted for so long before a submission are told apart.
ACCOUNTED = timedelta(days=2)


def submit_due(*, run: str = "", least: int = 1, now: datetime | None = None) -> int:
    """Put waiting entries into batches and submit what is due; how many are at providers now.

    ``run``: only that run's entries are collected. ``least``: fewer waiting entries of a model
    are left to wait for more. Raises RuntimeError inside a transaction.
    """
    refuse_transaction()
    collect(run=run, least=least, now=now or timezone.now())
    due = list(takeable(now or timezone.now(), State.COLLECTED, State.SUBMITTING))
    # A submission may take minutes: each one by its own time.
    return sum(_submitted(batch, now or timezone.now()) for batch in due)


def _submitted(batch: MessageBatch, now: datetime) -> bool:
    """Whether this call brought it to the provider."""
    was_begun = batch.state == State.SUBMITTING
    values = {} if was_begun else {"state": State.SUBMITTING, "submitted_at": now}
    claim = take(batch, now, LEASE, **values)
    if claim is None:
        return False
    try:
        if was_begun:
            found = _found(claim, now)
            if found is not None:
                return found
            claim.change(submitted_at=now)
        return _sent(claim, now)
    except ClaimLost:
        log.warning("llm.outbox.claim_lost", batch=batch.pk)
        return False


def _found(claim: Claim, now: datetime) -> bool | None:
    """Looks whether an earlier submission came through. None: it surely didn't."""
    batch = claim.batch
    since = batch.submitted_at or batch.created_at
    others = MessageBatch.objects.filter(
        provider=batch.provider, submitted_at__gte=since - ACCOUNTED
    ).exclude(provider_id="")
    try:
        provider_id = setup.provider(batch.provider).recent(
            str(batch.marker),
            since,
            entries=batch.entries.count(),
            known=set(others.values_list("provider_id", flat=True)),
        )
    except CallFailed as failure:
        if since <= now - GIVEN_UP:
            moving.to_next_model(claim, failure.kind, now, is_lost=True)
            return False
        problem = f"can't tell yet whether it was submitted ({failure.kind})"
        claim.give_back(until=now + AGAIN, problem=problem)
        return False
    if provider_id is None:
        log.info("llm.outbox.not_there", batch=batch.pk, provider=batch.provider)
        return None
    log.info("llm.outbox.found", batch=batch.pk, provider_id=provider_id)
    return _note(claim, provider_id)


def _sent(claim: Claim, now: datetime) -> bool:
    batch = claim.batch
    try:
        seat = limits.take(
            batch.provider, tokens=0, within=SEAT_SECONDS, lasting=LEASE.total_seconds()
        )
    except Busy as busy:
        _put_off(claim, now, f"the provider is left alone ({busy.why})", busy.seconds)
        return False
    try:
        provider_id = setup.provider(batch.provider).submit(
            _requests(batch), marker=str(batch.marker)
        )
    except CallFailed as failure:
        outcome = Outcome.ILL if failure.kind.says_provider_is_ill else Outcome.OK
        limits.leave(
            seat, outcome, used=Tokens(), hold_seconds=failure.retry_after or 0.0,
            reason=failure.kind,
        )  # fmt: skip
        _not_taken(claim, failure, now)
        return False
    except BaseException:
        limits.leave(seat, Outcome.NONE, used=None)
        raise
    limits.leave(seat, Outcome.OK, used=Tokens())
    return _note(claim, provider_id)


def _requests(batch: MessageBatch) -> list[tuple[str, Request]]:
    entries = batch.entries.values_list("custom_id", "request")
    return [(custom_id.hex, unpacked(request)) for custom_id, request in entries.iterator(500)]


def _not_taken(claim: Claim, failure: CallFailed, now: datetime) -> None:
    log.warning(
        "llm.outbox.not_taken", batch=claim.batch.pk, provider=failure.provider, kind=failure.kind
    )
    if failure.kind.is_permanent:
        moving.to_next_model(claim, failure.kind, now)
    elif failure.kind in SURELY_NOT_THERE or failure.status == UNAVAILABLE:
        _put_off(claim, now, f"not taken ({failure.kind})", failure.retry_after or 0.0)
    else:
        problem = f"may have been submitted ({failure.kind})"
        claim.give_back(until=now + AGAIN, problem=problem)


def _put_off(claim: Claim, now: datetime, problem: str, seconds: float) -> None:
    """Back to ``collected``; or on to the next model, where the provider has been out for long."""
    if moving.is_out(claim.batch, now):
        moving.to_next_model(claim, Kind.UNREACHABLE, now)
    else:
        until = now + max(AGAIN, timedelta(seconds=seconds))
        claim.give_back(until=until, state=State.COLLECTED, problem=problem)


def _note(claim: Claim, provider_id: str) -> bool:
    """Write down where it is. The first id counts, whoever holds the token."""
    with transaction.atomic():
        noted = MessageBatch.objects.filter(pk=claim.batch.pk, state=State.SUBMITTING).update(
            state=State.SUBMITTED, provider_id=provider_id, claim_token=None, lease_until=None,
            polled_at=None, problem="",
        )  # fmt: skip
        if noted:
            held = BatchEntry.objects.filter(batch=claim.batch).values("record")
            UsageRecord.objects.filter(pk__in=held).update(batch=provider_id)
    if noted:
        log.info("llm.outbox.submitted", batch=claim.batch.pk, provider_id=provider_id)
        return True
    known = MessageBatch.objects.get(pk=claim.batch.pk).provider_id
    if known != provider_id:
        log.error("llm.outbox.submitted_twice", batch=claim.batch.pk, cancelled=provider_id)
        setup.provider(claim.batch.provider).cancel(provider_id)
    return False
