"""One call under way, and what becomes of it: its seat is left, its row on the ledger ends.

What an attempt came to is written as soon as it is known, again and again for a few seconds
while the database is away. A row that stays ``sending`` all the same is swept as unknown
(costs.ledger.sweep) and settled by the provider's usage export.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, transaction

from costs import ledger
from costs.models import UsageRecord
from costs.tokens import Tokens
from llm import keeping, limits
from llm.errors import CallFailed, Kind
from llm.estimating import estimate_text
from llm.limits import Outcome, Seat
from llm.routing import Rung
from llm.values import Answer, Request, Stop

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

# For so long an answer that was paid for is put on the ledger again while the database is away.
SETTLE_SECONDS = 10.0
AGAIN_SECONDS = 0.25


@dataclass
class Attempt:
    """``record``: its row; ``estimated``: the prompt's tokens; ``began``: on the monotonic clock."""

    rung: Rung
    request: Request
    seat: Seat
    record: int
    number: int
    estimated: int
    began: float
    first_token_ms: int | None = None

    @property
    def latency_ms(self) -> int:
        return int((time.monotonic() - self.began) * 1000)

    def guessed(self, text: str = "") -> Tokens:
        """Our own count, where the provider didn't tell."""
        return Tokens(self.estimated, output=estimate_text(text, self.request.model))


def settled(attempt: Attempt, answer: Answer, kind: Kind | None, key: str) -> UsageRecord:
    """The provider answered. Under ``key``, where there is one, the answer is kept with it.

    ``kind``: the failure that the answer is, though it is billed.
    """
    tokens = answer.tokens or attempt.guessed(answer.text)
    limits.leave(attempt.seat, Outcome.OK, used=tokens)
    latency_ms = attempt.latency_ms
    was_stopped = answer.stop is Stop.STOPPED

    def settle() -> UsageRecord:
        return ledger.settle(
            attempt.record, tokens, request_id=answer.request_id,
            response_id=answer.response_id, first_token_ms=attempt.first_token_ms,
            latency_ms=latency_ms, was_stopped=was_stopped, was_partial=was_stopped,
            is_estimate=answer.is_estimate or answer.tokens is None, error=kind or "",
        )  # fmt: skip

    @transaction.atomic
    def settle_and_keep() -> UsageRecord:
        row = settle()
        keeping.keep(key, record=attempt.record, text=answer.text, stop=answer.stop)
        return row

    is_kept = key and kind is None and not was_stopped
    return insisting(settle_and_keep if is_kept else settle)


def failed(attempt: Attempt, failure: CallFailed) -> UsageRecord:
    """The call failed: billed as far as it went, not billed, or who knows."""
    limits.leave(
        attempt.seat,
        Outcome.ILL if failure.kind.says_provider_is_ill else Outcome.OK,
        used=Tokens() if failure.is_billed is False else failure.tokens,
        hold_seconds=failure.retry_after or 0.0,
        reason=failure.kind,
    )
    known, latency_ms = failure.tokens or attempt.guessed(), attempt.latency_ms

    def write() -> UsageRecord:
        if failure.is_billed is False:
            return ledger.fail(
                attempt.record, failure.kind, request_id=failure.request_id, latency_ms=latency_ms
            )
        if failure.is_billed is None:
            return ledger.lose(
                attempt.record, failure.kind, tokens=known, request_id=failure.request_id,
                response_id=failure.response_id, latency_ms=latency_ms,
            )  # fmt: skip
        return ledger.settle(
            attempt.record, known, request_id=failure.request_id,
            response_id=failure.response_id, first_token_ms=attempt.first_token_ms,
            latency_ms=latency_ms, was_partial=True,
            is_estimate=failure.is_estimate or failure.tokens is None, error=failure.kind,
        )  # fmt: skip

    return insisting(write)


def broken_off(attempt: Attempt, error: BaseException) -> UsageRecord:
    """Something of ours ended it (a time limit, a stop of the process, a mistake): who knows."""
    limits.leave(attempt.seat, Outcome.NONE, used=None)
    kind, latency_ms = type(error).__name__, attempt.latency_ms
    return insisting(
        lambda: ledger.lose(attempt.record, kind, tokens=attempt.guessed(), latency_ms=latency_ms)
    )


def unsent(attempt: Attempt, why: str) -> UsageRecord:
    """Its row stands, and then nothing was sent."""
    limits.leave(attempt.seat, Outcome.NONE, used=Tokens())
    return insisting(lambda: ledger.fail(attempt.record, why))


def insisting(write: Callable[[], Result]) -> Result:
    """Write to the ledger, again and again for SETTLE_SECONDS while the database is away.

    Raises the database's error after that.
    """
    until = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            connection = transaction.get_connection()
            if connection.in_atomic_block or time.monotonic() > until:
                log.error("llm.ledger_away", error=type(error).__name__)
                raise
            connection.close()
            time.sleep(AGAIN_SECONDS)


def lend_connection() -> None:
    """Give this thread's database connection back to the pool for as long as a model works.

    A hundred threads wait for models at once, and the pool has a few connections. What a session
    holds (an advisory lock, a cursor that is read while asking) doesn't outlive it.
    """
    connection = transaction.get_connection()
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()


def refuse_transaction() -> None:
    """Raises RuntimeError inside one; a TestCase's own is let through."""
    if not transaction.get_connection().in_atomic_block:
        return
    try:
        with transaction.atomic(durable=True):
            pass
    except RuntimeError as error:
        raise RuntimeError(
            "A model can't be called inside a transaction: end it first, call, then write down "
            "what came of it in another."
        ) from error
