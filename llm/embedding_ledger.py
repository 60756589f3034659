"""Hosted embedders' requests on the ledger: a row each, written before it and settled after."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import openai

from costs import ledger
from costs.errors import CostError
from costs.tokens import Tokens
from llm.attempts import insisting, refuse_transaction
from llm.embedding.errors import EmbeddingRefused
from llm.embedding.hosted import served_name
from llm.embedding.model import Counted, Model
from llm.estimating import estimate_text
from llm.values import Purpose

# Whoever embeds without saying for whom: the index of passages, and searches in it.
NOBODY = Purpose(agent="embedding", category="infrastructure")
_purpose: ContextVar[Purpose] = ContextVar("embedding_purpose", default=NOBODY)


@contextmanager
def on_behalf_of(purpose: Purpose) -> Iterator[None]:
    """What is embedded in the block, in this thread, is written to that purpose.

    Raises the CostError by itself where an embedder was refused because of it.
    """
    token = _purpose.set(purpose)
    try:
        yield
    except EmbeddingRefused as error:
        if isinstance(error.__cause__, CostError):
            raise error.__cause__ from None
        raise
    finally:
        _purpose.reset(token)


def metered(model: Model, texts: Sequence[str], ask: Callable[[], tuple[Counted, str]]) -> Counted:
    """One request, on the ledger. Raises EmbeddingError; EmbeddingRefused from a CostError."""
    refuse_transaction()
    estimated = sum(estimate_text(text, model.name) for text in texts)
    record, began = _opened(model, estimated), time.monotonic()
    try:
        counted, request_id = ask()
    except BaseException as error:
        _write_failure(record, error, estimated, _ms(began))
        raise
    latency_ms = _ms(began)
    insisting(
        lambda: ledger.settle(
            record, Tokens(input=counted.tokens or estimated), request_id=request_id,
            latency_ms=latency_ms, is_estimate=not counted.tokens,
        )
    )  # fmt: skip
    return counted


def _opened(model: Model, estimated: int) -> int:
    purpose = _purpose.get()
    entry = ledger.Entry(
        call=uuid.uuid4(), attempt=1, provider=model.provider, model=served_name(model),
        operation="embed", category=purpose.category, agent=purpose.agent, task=purpose.task,
        stock=purpose.stock, summary=purpose.summary, query=purpose.query, run=purpose.run,
        user=purpose.user, team=purpose.team, variant=purpose.variant,
        estimated_tokens=estimated, most_output_tokens=0,
    )  # fmt: skip
    try:
        return int(ledger.open_call(entry).pk)
    except CostError as error:
        raise EmbeddingRefused(str(error)) from error


def _write_failure(record: int, error: BaseException, estimated: int, latency_ms: int) -> None:
    said = error.__cause__
    kind = type(said or error).__name__[:40]
    request_id = (said.request_id or "") if isinstance(said, openai.APIStatusError) else ""
    if isinstance(said, openai.APIStatusError):
        insisting(lambda: ledger.fail(record, kind, request_id=request_id, latency_ms=latency_ms))
        return
    # Broken off, too late, or no vectors: it may be billed all the same.
    known = Tokens(input=estimated)
    insisting(lambda: ledger.lose(record, kind, tokens=known, latency_ms=latency_ms))


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
