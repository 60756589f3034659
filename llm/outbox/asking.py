"""Asking by batch: the answer that is there, or a place in the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db.models import Max, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from costs.models import UsageRecord
from llm import routing
from llm.calling import Call
from llm.errors import CallFailed, Kind, NoModel, Waiting
from llm.estimating import estimate_tokens
from llm.models import BatchEntry
from llm.outbox.packing import Background, name_of, packed
from llm.routing import Rung
from llm.values import Ask, Reply

State = BatchEntry.State

OPEN = (State.WAITING, State.IN_BATCH)
# A question of no run that failed is left alone for so long; one of a run, until the next run.
FAILED_FOR = timedelta(days=1)


def ask(ask: Ask) -> Reply:
    """The kept answer; else the question is put into the outbox, once. Never calls a model.

    Raises Waiting with the key to ask again for. Where the entry failed for good and
    ``ask.extractive`` is None, raises CallFailed, or NoModel where no provider could be asked.
    Raises ValueError for an Ask without a replay key, or whose schema can't be imported by name.
    """
    call = Call(ask, "write")
    if not call.key:
        raise ValueError("A question for a batch needs a key to ask again by: set Ask.replay.")
    reply = call.replayed()
    if reply is not None:
        return _with_all_attempts(reply)
    latest = BatchEntry.objects.filter(key=call.key).defer("request").order_by("-pk").first()
    if latest is not None:
        if latest.state in OPEN:
            raise Waiting(call.key)
        # It may have been answered since we looked.
        if latest.state == State.ANSWERED and (reply := call.replayed()) is not None:
            return _with_all_attempts(reply)
        if latest.state != State.ANSWERED and _still_counts(latest, ask):
            return _without(call, latest)
    rungs = routing.models(ask, call.longest)
    if not rungs:
        return call.without_model()
    _put(call, rungs)
    raise Waiting(call.key)


def _put(call: Call, rungs: tuple[Rung, ...]) -> None:
    """At most one entry of a key is open, whoever asks at the same time."""
    first, *others = rungs
    ask = call.ask
    request = replace(call.request, model=first.model, effort=first.effort, hold_1h=True)
    background = Background(
        purpose=ask.purpose,
        prompt=ask.prompt.name,
        prompt_version=ask.prompt.version,
        call=str(call.id),
        estimated_tokens=estimate_tokens(request),
        max_output_tokens=request.max_output_tokens,
        schema=name_of(ask.schema) if ask.schema else "",
        rungs=tuple(others),
    )
    entry = BatchEntry(
        key=call.key,
        provider=first.provider,
        model=first.model,
        run=ask.purpose.run,
        request=packed(request),
        purpose=background.packed(),
    )
    BatchEntry.objects.bulk_create([entry], ignore_conflicts=True)


def _still_counts(entry: BatchEntry, ask: Ask) -> bool:
    """A failure is final for its run; the next run tries anew."""
    if entry.run or ask.purpose.run:
        return entry.run == ask.purpose.run
    return entry.ended_at is not None and entry.ended_at > timezone.now() - FAILED_FOR


def _without(call: Call, entry: BatchEntry) -> Reply:
    if call.ask.extractive is not None:
        return call.without_model()
    if entry.error in set(Kind):
        raise CallFailed(
            Kind(entry.error),
            provider=entry.provider,
            model=entry.model,
            is_billed=_was_billed(entry),
        )
    if entry.state == State.CANCELLED:
        raise NoModel("The run was cancelled while the question waited for its batch.")
    raise NoModel(f"The question's batch entry failed: {entry.error.replace('_', ' ')}.")


def _was_billed(entry: BatchEntry) -> bool:
    return entry.record is not None and entry.record.cost_usd > 0


def _with_all_attempts(reply: Reply) -> Reply:
    """With what all its attempts came to, the ones that expired or needed a repair included."""
    call = UsageRecord.objects.filter(pk=reply.record).values("call")
    sums = UsageRecord.objects.filter(call__in=call).aggregate(
        cost=Coalesce(Sum("cost_usd"), reply.cost_usd), last=Max("attempt")
    )
    return replace(reply, cost_usd=sums["cost"], attempts=sums["last"] or reply.attempts)
