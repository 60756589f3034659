"""The one door to models: write, stream, judge, embed, count tokens, warm a cache.

No call is made inside a database transaction: a row of the ledger must stand before it, whatever
becomes of the caller's work.
"""

from __future__ import annotations

from collections.abc import Sequence

from llm import embedding, embedding_ledger, routing
from llm.attempts import refuse_transaction
from llm.calling import Call
from llm.counting import count_tokens
from llm.embedding import Embedded
from llm.providers import setup
from llm.streaming import Streaming
from llm.trying import tried
from llm.values import Ask, Purpose, Reply
from llm.warming import warm

__all__ = ["count_tokens", "embed", "is_set_up", "judge", "ready", "stream", "warm", "write"]


def write(ask: Ask) -> Reply:
    """The whole answer. Blocks for ``ask.seconds`` at most, and the writing of the ledger.

    Raises costs.errors.OverBudget before anything is sent, Unpriced where no model that could
    answer has a price, NoModel where none answered and the Ask has no ``extractive``.
    """
    return _written(ask, "write")


def judge(ask: Ask) -> Reply:
    """As ``write``; on the ledger as a judgement."""
    return _written(ask, "judge")


def stream(ask: Ask) -> Streaming:
    """The answer as it comes: an iterable of Piece, Restart and Done. See Streaming."""
    refuse_transaction()
    return Streaming(ask)


def embed(texts: Sequence[str], purpose: Purpose) -> Embedded:
    """Unit vectors of FA_EMBEDDER's, from the cache where they are known.

    A hosted embedder's requests are on the ledger, a row each. Raises EmbeddingError, OverBudget
    and Unpriced.
    """
    with embedding_ledger.on_behalf_of(purpose):
        return embedding.embed(texts, embedder=embedding.embedder(), cache=embedding.Cache())


def ready() -> None:
    """Load what the first call of this process would wait for: SDKs, the embedder. Sends nothing.

    Raises EmbeddingError where the embedder's weights can't be had.
    """
    setup.ready()
    embedding.embedder()


def is_set_up() -> bool:
    """Whether any model may be asked."""
    return bool(setup.in_use()) and not routing.is_off()


def _written(ask: Ask, operation: str) -> Reply:
    refuse_transaction()
    call = Call(ask, operation)
    if (again := call.replayed()) is not None:
        return again
    for step in call.steps():
        if (reply := tried(call, step)) is not None:
            return reply
    return call.without_model()
