"""The results of a batch that ended: each entry is settled once, in portions.

One transaction a portion: the ledger's rows, the kept replies, the entries' ends and what follows
them. Killed between two portions, the results are read anew, and what is settled is passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from llm import keeping, structured
from llm.errors import CallFailed, Kind
from llm.models import BatchEntry, MessageBatch
from llm.outbox import booking, following, moving
from llm.outbox.owning import Claim
from llm.outbox.packing import Background, named
from llm.providers import setup
from llm.values import Answer, Stop

log = structlog.get_logger(__name__)

State = BatchEntry.State
Result = tuple[str, Answer | CallFailed]

PORTION = 100
MISSING = "missing"


@dataclass(frozen=True)
class End:
    """How an entry ends: ``error`` "" where it is answered. ``next_one``: what follows it."""

    entry: BatchEntry
    error: str = ""
    next_one: BatchEntry | None = None

    @property
    def state(self) -> str:
        if not self.error:
            return State.ANSWERED
        return State.CANCELLED if self.error == following.CANCELLED else State.FAILED


def settle(claim: Claim, *, lease: timedelta) -> Iterator[int]:
    """How many entries each portion ended; the last one are those that have no result.

    Raises CallFailed where the results can't be read to their end, and ClaimLost.
    """
    batch = claim.batch
    ours = {custom_id.hex for custom_id in batch.entries.values_list("custom_id", flat=True)}
    results = _own(setup.provider(batch.provider).results(batch.provider_id), ours, batch)
    while portion := list(islice(results, PORTION)):
        yield _settle(claim, dict(portion), lease)
    yield _finish(claim, lease)


def settle_failed(batch: MessageBatch, now: datetime) -> None:
    """The provider did nothing of the batch: nothing is billed, each entry is tried again."""
    with transaction.atomic():
        failed = MessageBatch.objects.filter(pk=batch.pk, state=MessageBatch.State.SUBMITTED)
        if failed.update(
            state=MessageBatch.State.FAILED, ended_at=now, problem="the provider did nothing of it"
        ):
            entries = BatchEntry.objects.select_for_update().filter(batch=batch)
            _write([_not_done(entry) for entry in entries.filter(state=State.IN_BATCH)], now)


def _own(results: Iterator[Result], ours: set[str], batch: MessageBatch) -> Iterator[Result]:
    """Without what isn't this batch's, and what comes a second time."""
    seen: set[str] = set()
    ignored: Counter[str] = Counter()
    for custom_id, result in results:
        if custom_id in ours and custom_id not in seen:
            seen.add(custom_id)
            yield custom_id, result
        else:
            ignored["twice" if custom_id in seen else "not of this batch"] += 1
    for why, number in ignored.items():
        log.warning("llm.outbox.results_ignored", batch=batch.pk, why=why, results=number)


@transaction.atomic
def _settle(claim: Claim, results: dict[str, Answer | CallFailed], lease: timedelta) -> int:
    now = timezone.now()
    claim.renew(now + lease)
    entries = BatchEntry.objects.select_for_update().filter(
        batch=claim.batch, state=State.IN_BATCH, custom_id__in=[UUID(each) for each in results]
    )
    ends = [_end(entry, results[entry.custom_id.hex], claim.batch) for entry in entries]
    _write(ends, now)
    return len(ends)


@transaction.atomic
def _finish(claim: Claim, lease: timedelta) -> int:
    """Entries without a result: nobody knows what became of them."""
    now = timezone.now()
    claim.renew(now + lease)
    left = list(
        BatchEntry.objects.select_for_update().filter(batch=claim.batch, state=State.IN_BATCH)
    )
    for entry in left:
        booking.lose(entry, MISSING)
    _write([_again(entry, Kind.BROKEN) for entry in left], now)
    if left:
        log.error("llm.outbox.results_missing", batch=claim.batch.pk, entries=len(left))
    problem = f"{len(left)} entries had no result" if left else claim.batch.problem
    claim.give_back(state=MessageBatch.State.SETTLED, settled_at=now, problem=problem)
    return len(left)


def _end(entry: BatchEntry, result: Answer | CallFailed, batch: MessageBatch) -> End:
    """Writes the ledger's row."""
    if isinstance(result, CallFailed):
        booking.end(entry, result, batch=batch.provider_id)
        return _again(entry, result.kind)
    kind, problems = _wrong(result, Background.unpacked(entry.purpose).schema)
    booking.settle(entry, result, batch=batch.provider_id, error=kind or "")
    if kind is None:
        keeping.keep(entry.key, record=entry.record_id or 0, text=result.text, stop=result.stop)
        return End(entry)
    if entry.error == following.CANCELLED:
        return End(entry, following.CANCELLED)
    if kind is Kind.BAD_RESULT:
        return End(entry, kind, following.repair(entry, result.text, problems))
    return End(entry, kind, following.after_failure(entry, kind))


def _wrong(answer: Answer, schema: str) -> tuple[Kind | None, tuple[str, ...]]:
    """Why an answer is none, and what a repair must mend; None where it is one."""
    if answer.stop is Stop.REFUSAL:
        return Kind.REFUSED, ()
    if not schema:
        return None, ()
    if answer.stop is Stop.LENGTH:
        return Kind.CUT, ()
    try:
        structured.parse(answer.text, named(schema))
    except structured.BadResult as bad:
        return Kind.BAD_RESULT, bad.problems
    except (ImportError, AttributeError):
        # The code has changed since it was asked. Who asks for the answer checks it.
        log.warning("llm.outbox.schema_gone", schema=schema)
    return None, ()


def _not_done(entry: BatchEntry) -> End:
    booking.fail(entry, Kind.SERVER)
    return _again(entry, Kind.SERVER)


def _again(entry: BatchEntry, kind: Kind) -> End:
    if entry.error == following.CANCELLED:
        return End(entry, following.CANCELLED)
    return End(entry, kind, following.after_failure(entry, kind))


def _write(ends: list[End], now: datetime) -> None:
    """The entries' ends, then what follows: of a key one entry is open."""
    for error in {end.error for end in ends}:
        alike = [end for end in ends if end.error == error]
        moving.ended([end.entry for end in alike], alike[0].state, error, now)
    answered = [end.entry.pk for end in ends if not end.error]
    # What was asked isn't needed any more; the answer stands under its key.
    BatchEntry.objects.filter(pk__in=answered).update(request={})
    BatchEntry.objects.bulk_create([end.next_one for end in ends if end.next_one is not None])
