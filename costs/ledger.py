"""The ledger: a row stands before a call is made, and ends once.

    sending ──settle──► settled      the provider bills it
       │ └────fail────► failed       it bills nothing
       └──lose, sweep─► unknown ──settle, bill──► settled
                           └──────fail, write_off──► failed

Each step locks the row, moves it, its cost, and its budgets' counters in one transaction. The
first outcome stands: told again it changes nothing, and another one is refused. Only what was
no more than our own belief (``unknown``, ``is_estimate``, ASSUMED_FREE) gives way to what the
provider says, and leaves a CostAdjustment. Cost is computed by the price list in force when
the call was sent and the band of the prompt's real length.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from costs import budgets
from costs.errors import CostError, Unpriced
from costs.models import CostAdjustment, Price, UsageRecord
from costs.plausible import believed, plausible
from costs.price_list import price_for
from costs.pricing import cost, worst
from costs.tokens import Tokens

State = UsageRecord.State
WRONG_USAGE = "wrong_usage"
NOT_BILLED = "not_billed"
# Nobody told us that these cost nothing; we took it from an invoice's silence, or an operator did.
ASSUMED_FREE = (NOT_BILLED, "assumed_not_billed")
SWEPT = "worker_died"


class AlreadyEnded(CostError):
    """The row has an outcome, and this is another one."""

    def __init__(self, record: UsageRecord, wanted: str) -> None:
        super().__init__(
            f"Usage record {record.pk} is {record.state} and can't become {wanted} with other "
            "amounts: its outcome stands. A provider's export can correct it "
            "(manage.py import_usage_export)."
        )
        self.record = record


@dataclass(frozen=True)
class Entry:
    """What is known of a call before it is made. ``user``, ``team``: ids. ``call``: the attempts
    of one call share it; None begins a new one. ``estimated_tokens``: of the whole prompt."""

    provider: str
    model: str
    operation: str
    category: str
    agent: str
    task: str = ""
    stock: str = ""
    summary: int | None = None
    query: str = ""
    run: str = ""
    user: int | None = None
    team: int | None = None
    variant: str = ""
    prompt: str = ""
    prompt_version: str = ""
    is_batch: bool = False
    batch: str = ""
    call: uuid.UUID | None = None
    attempt: int = 1
    estimated_tokens: int = 0
    most_output_tokens: int = 0


def open_call(entry: Entry, *, at: datetime | None = None) -> UsageRecord:
    """The row that must stand before the call is made, committed, its worst cost reserved.

    ``at``: when it is sent, by default now. Raises Unpriced and OverBudget, having written nothing; RuntimeError inside a transaction,
    where a row wouldn't outlive a crash.
    """
    with transaction.atomic(durable=True):
        return _open([entry], at)[0]


@transaction.atomic
def open_calls(entries: Sequence[Entry], *, at: datetime | None = None) -> list[UsageRecord]:
    """The rows of many calls, in the order given; all of them or, with the error, none.

    May be part of a transaction that also writes what is to be sent.
    """
    return _open(entries, at)


def _open(entries: Sequence[Entry], at: datetime | None) -> list[UsageRecord]:
    sent_at = at or timezone.now()
    records = [_new(entry, sent_at) for entry in entries]
    UsageRecord.objects.bulk_create(records, batch_size=1000)
    budgets.reserve([(record, record.reserved_usd) for record in records])
    return records


def _new(entry: Entry, sent_at: datetime) -> UsageRecord:
    price = price_for(entry.provider, entry.model, sent_at, entry.estimated_tokens)
    reserved = worst(
        entry.estimated_tokens, entry.most_output_tokens, price, is_batch=entry.is_batch
    )
    return UsageRecord(
        call=entry.call or uuid.uuid4(), attempt=entry.attempt, sent_at=sent_at, price=price,
        reserved_usd=reserved, estimated_tokens=entry.estimated_tokens,
        provider=entry.provider, model=entry.model, operation=entry.operation,
        category=entry.category, agent=entry.agent, task=entry.task, stock=entry.stock,
        summary=entry.summary, query=entry.query, run=entry.run, user_id=entry.user,
        team_id=entry.team, variant=entry.variant, prompt=entry.prompt,
        prompt_version=entry.prompt_version, is_batch=entry.is_batch, batch=entry.batch,
    )  # fmt: skip


@transaction.atomic
def settle(
    record_id: int, tokens: Tokens | None, *, request_id: str = "", response_id: str = "",
    batch: str = "", first_token_ms: int | None = None, latency_ms: int | None = None,
    was_stopped: bool = False, was_partial: bool = False, is_estimate: bool = False,
    error: str = "",
) -> UsageRecord:  # fmt: skip
    """The provider answered and bills ``tokens``. May be part of the caller's transaction, but one
    call a transaction: two that settle the same calls in another order wait for each other.

    Tokens that can't be true, or None, are replaced by our own count and marked ``is_estimate``
    with the error ``wrong_usage``, until an export says what was billed. Told again with the same
    tokens, or after an export settled it, nothing changes. Raises AlreadyEnded for others.
    """
    record = _locked(record_id)
    known = _checked(record, tokens)
    if not is_belief(record) or (record.state == State.SETTLED and (known is None or is_estimate)):
        return _as_before(record, State.SETTLED, known)
    if known is None:
        return _finish(
            record, State.SETTLED, _believed(record, tokens), is_estimate=True, error=WRONG_USAGE,
            request_id=request_id, response_id=response_id, batch=batch,
            first_token_ms=first_token_ms, latency_ms=latency_ms, was_stopped=was_stopped,
            was_partial=was_partial,
        )  # fmt: skip
    return _finish(
        record, State.SETTLED, known, is_estimate=is_estimate, error=error, request_id=request_id,
        response_id=response_id, batch=batch, first_token_ms=first_token_ms,
        latency_ms=latency_ms, was_stopped=was_stopped, was_partial=was_partial,
    )  # fmt: skip


@transaction.atomic
def fail(
    record_id: int, error: str, *, request_id: str = "", latency_ms: int | None = None
) -> UsageRecord:
    """The provider refused before any work: nothing is billed. Raises AlreadyEnded after settle."""
    record = _locked(record_id)
    if record.state in (State.SETTLED, State.FAILED):
        return _as_before(record, State.FAILED, None)
    return _finish(
        record, State.FAILED, Tokens(), error=error or "failed", request_id=request_id,
        latency_ms=latency_ms,
    )  # fmt: skip


@transaction.atomic
def lose(
    record_id: int, error: str, *, tokens: Tokens, request_id: str = "", response_id: str = "",
    latency_ms: int | None = None,
) -> UsageRecord:  # fmt: skip
    """We can't know what became of the call. ``tokens``, our own count, are taken as spent until
    it is reconciled; a better count may follow. After another outcome nothing changes."""
    record = _locked(record_id)
    if record.state in (State.SETTLED, State.FAILED):
        return record
    known = _checked(record, tokens)
    return _finish(
        record, State.UNKNOWN, known or _believed(record, tokens), is_estimate=True,
        error=error or "unknown", request_id=request_id, response_id=response_id,
        latency_ms=latency_ms,
    )  # fmt: skip


def sweep(older_than: timedelta) -> int:
    """Make ``unknown`` of calls sent so long ago that their worker must have died; how many.

    Entries of Message Batches are left: their answers come within 24 hours.
    """
    dead = UsageRecord.objects.open().filter(
        is_batch=False, sent_at__lt=timezone.now() - older_than
    )
    return sum(_sweep(pk) for pk in dead.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _sweep(record_id: int) -> bool:
    record = _locked(record_id)
    if record.state != State.SENDING:  # its worker lived after all
        return False
    _finish(record, State.UNKNOWN, _believed(record, None), is_estimate=True, error=SWEPT)
    return True


@transaction.atomic
def bill(
    record_id: int, tokens: Tokens, *, reason: str, request_id: str = "", response_id: str = ""
) -> UsageRecord:
    """An invoice says what was billed: the last word on what was only our belief.

    Raises AlreadyEnded for a row whose amounts the provider gave itself.
    """
    record = _locked(record_id)
    if not is_belief(record):
        raise AlreadyEnded(record, "billed")
    error = "" if record.error in (WRONG_USAGE, *ASSUMED_FREE) else record.error
    return _finish(
        record, State.SETTLED, tokens, error=error, request_id=request_id,
        response_id=response_id, reason=reason, is_reconciled=True,
    )  # fmt: skip


@transaction.atomic
def write_off(record_id: int, *, error: str, reason: str) -> UsageRecord:
    """An ``unknown`` call wasn't billed: ``error`` is one of ASSUMED_FREE."""
    record = _locked(record_id)
    if record.state != State.UNKNOWN:
        raise AlreadyEnded(record, error)
    return _finish(record, State.FAILED, Tokens(), error=error, reason=reason, is_reconciled=True)


@transaction.atomic
def assume_billed(record_id: int, *, reason: str) -> UsageRecord:
    """Settle an ``unknown`` call at our own count; a later export may still correct it."""
    record = _locked(record_id)
    if record.state != State.UNKNOWN:
        raise AlreadyEnded(record, State.SETTLED)
    return _finish(
        record, State.SETTLED, record.tokens, is_estimate=True, error=record.error, reason=reason
    )  # fmt: skip


def _locked(record_id: int) -> UsageRecord:
    return UsageRecord.objects.select_for_update().get(pk=record_id)


def _price(record: UsageRecord, prompt_tokens: int) -> Price:
    """At the time it was sent; the price it was opened at, should that list be gone by now."""
    try:
        return price_for(record.provider, record.model, record.sent_at, prompt_tokens)
    except Unpriced:
        return record.price


def _checked(record: UsageRecord, tokens: Tokens | None) -> Tokens | None:
    is_free = record.reserved_usd == 0
    return tokens if plausible(
        tokens, estimated=record.estimated_tokens, most_output=_most_output(record), is_free=is_free
    ) else None  # fmt: skip


def _believed(record: UsageRecord, tokens: Tokens | None) -> Tokens:
    return believed(tokens, estimated=record.estimated_tokens, most_output=_most_output(record))


def _most_output(record: UsageRecord) -> int:
    """As much output as the whole reservation would have paid for: at least what it may write."""
    price = _price(record, record.estimated_tokens)
    each = cost(Tokens(output=1), price, is_batch=record.is_batch)
    return int(record.reserved_usd / each) if each else 0


def _clean(text: str, most: int = 80) -> str:
    """A provider's word in the shape that its column holds."""
    return text.replace("\x00", "")[:most]


def is_belief(record: UsageRecord) -> bool:
    """Whether the provider has not yet said how the call ended."""
    if record.state == State.SETTLED:
        return record.is_estimate
    if record.state == State.FAILED:
        return record.error in ASSUMED_FREE
    return True


def _as_before(record: UsageRecord, state: str, tokens: Tokens | None) -> UsageRecord:
    same = tokens is None or tokens == record.tokens or record.reconciled_at is not None
    if record.state != state or not same:
        raise AlreadyEnded(record, state)
    return record


def _finish(
    record: UsageRecord, state: str, tokens: Tokens, *, error: str = "", reason: str = "",
    is_estimate: bool = False, is_reconciled: bool = False, request_id: str = "",
    response_id: str = "", batch: str = "", first_token_ms: int | None = None,
    latency_ms: int | None = None, was_stopped: bool = False, was_partial: bool = False,
) -> UsageRecord:  # fmt: skip
    was_sending, before = record.state == State.SENDING, record.cost_usd
    price = _price(record, tokens.prompt)
    now = timezone.now()
    changes: dict[str, Any] = {
        "state": state, "price_id": price.pk, "is_estimate": is_estimate,
        "cost_usd": cost(tokens, price, is_batch=record.is_batch),
        "error": _clean(error, 40), "ended_at": record.ended_at or now,
        "request_id": _clean(request_id) or record.request_id,
        "response_id": _clean(response_id) or record.response_id,
        "batch": _clean(batch) or record.batch,
        "was_stopped": was_stopped or record.was_stopped,
        "was_partial": was_partial or record.was_partial,
        "input_tokens": tokens.input, "cache_write_tokens": tokens.cache_write,
        "cache_write_1h_tokens": tokens.cache_write_1h, "cache_read_tokens": tokens.cache_read,
        "output_tokens": tokens.output, "thinking_tokens": tokens.thinking,
    }  # fmt: skip
    if first_token_ms is not None:
        changes["first_token_ms"] = first_token_ms
    if latency_ms is not None:
        changes["latency_ms"] = latency_ms
    if is_reconciled:
        changes["reconciled_at"] = now
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=list(changes))
    if was_sending:
        budgets.spend(record, record.cost_usd)
    elif record.cost_usd != before:
        _adjusted(record, before, reason or f"was {error or 'unknown'}, now {state}")
    return record


def _adjusted(record: UsageRecord, before: Decimal, reason: str) -> None:
    CostAdjustment.objects.create(
        record=record, from_usd=before, to_usd=record.cost_usd, reason=reason[:200]
    )
    budgets.adjust(record, record.cost_usd - before)
