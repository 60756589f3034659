"""An entry's row on the ledger: opened with its batch, ended with its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog

from costs import ledger
from costs.models import UsageRecord
from costs.tokens import Tokens
from llm.errors import CallFailed
from llm.estimating import estimate_text
from llm.models import BatchEntry
from llm.outbox.packing import Background
from llm.values import Answer

log = structlog.get_logger(__name__)

OPERATION = "write"


def open_rows(entries: Sequence[BatchEntry]) -> list[UsageRecord]:
    """A row for the entries' next attempt each. Raises OverBudget and Unpriced, nothing written."""
    return ledger.open_calls([_entry(entry) for entry in entries])


def settle(entry: BatchEntry, answer: Answer, *, batch: str, error: str = "") -> None:
    """``error``: the failure that the answer is, though it is billed."""
    _end(
        ledger.settle,
        entry,
        answer.tokens or _guessed(entry, answer.text),
        request_id=answer.request_id,
        response_id=answer.response_id,
        batch=batch,
        is_estimate=answer.is_estimate or answer.tokens is None,
        error=error,
    )


def fail(entry: BatchEntry, error: str, *, request_id: str = "") -> None:
    """Nothing was billed."""
    _end(ledger.fail, entry, error, request_id=request_id)


def lose(entry: BatchEntry, error: str) -> None:
    """Nobody knows: taken as spent until it is reconciled."""
    _end(ledger.lose, entry, error, tokens=_guessed(entry))


def end(entry: BatchEntry, failure: CallFailed, *, batch: str) -> None:
    """Billed as far as it went, not billed, or who knows."""
    if failure.is_billed is False:
        fail(entry, failure.kind, request_id=failure.request_id)
    elif failure.is_billed is None:
        _end(
            ledger.lose,
            entry,
            failure.kind,
            tokens=failure.tokens or _guessed(entry),
            request_id=failure.request_id,
            response_id=failure.response_id,
        )
    else:
        _end(
            ledger.settle,
            entry,
            failure.tokens or _guessed(entry),
            request_id=failure.request_id,
            response_id=failure.response_id,
            batch=batch,
            is_estimate=failure.is_estimate or failure.tokens is None,
            error=failure.kind,
        )


def _end(step: Callable[..., UsageRecord], entry: BatchEntry, *told: Any, **more: Any) -> None:
    if entry.record_id is None:
        raise ValueError(f"Batch entry {entry.pk} has no row on the ledger yet.")
    try:
        step(entry.record_id, *told, **more)
    except ledger.AlreadyEnded as error:
        # An export or an operator was faster: the invoice has the last word, the answer is good.
        log.warning("llm.outbox.booked_already", record=entry.record_id, error=str(error))


def _entry(entry: BatchEntry) -> ledger.Entry:
    background = Background.unpacked(entry.purpose)
    purpose = background.purpose
    return ledger.Entry(
        call=UUID(background.call),
        attempt=background.earlier + entry.attempts + 1,
        provider=entry.provider,
        model=entry.model,
        operation=OPERATION,
        is_batch=True,
        category=purpose.category,
        agent=purpose.agent,
        task=purpose.task,
        stock=purpose.stock,
        summary=purpose.summary,
        query=purpose.query,
        run=purpose.run,
        user=purpose.user,
        team=purpose.team,
        variant=purpose.variant,
        prompt=background.prompt,
        prompt_version=background.prompt_version,
        estimated_tokens=background.estimated_tokens,
        most_output_tokens=background.max_output_tokens,
    )


def _guessed(entry: BatchEntry, text: str = "") -> Tokens:
    estimated = Background.unpacked(entry.purpose).estimated_tokens
    return Tokens(estimated, output=estimate_text(text, entry.model))
