"""The worker that fills in vectors, woken by whatever made passages.

The actor stands here and not in `tasks`, because what makes passages lies below it.
"""

from __future__ import annotations

from contextlib import suppress

import dramatiq
import structlog
from django.db import InterfaceError, OperationalError
from dramatiq.errors import BrokerError
from redis import RedisError

from fa_site.broker import connection
from llm.embedding import EmbeddingError

log = structlog.get_logger(__name__)

QUEUE = "embedding"
# After the batches: nobody waits for a vector, the words are found without.
PRIORITY = 100
LIMIT_MS = 10 * 60 * 1000
# What one message does before it lets others have the thread.
CHUNKS_A_MESSAGE = 64
LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS = 30.0, 600.0
# A message that was lost is not waited for any longer.
WOKEN_SECONDS = 30
WOKEN = "fa:embedding:woken"
# Between two looks whether a batch, for which somebody may be waiting, is still at work.
WAIT_MS = 5_000


@dramatiq.actor(
    queue_name=QUEUE,
    priority=PRIORITY,
    max_retries=0,
    time_limit=LIMIT_MS,
    max_age=3_600_000,
    throws=(OperationalError, InterfaceError),
)
def embed_passages() -> None:
    """Make some of the vectors that are due, and come back while there are more.

    Vectors take all cores; texts come first.
    """
    from summaries.passages.upkeep import is_batch_at_work, upkeep

    _forget_waking()
    if is_batch_at_work():
        wake(delay_ms=WAIT_MS)
        return
    try:
        more = upkeep(limit=CHUNKS_A_MESSAGE)
    except EmbeddingError as error:
        log.warning("embedding.failed", error=str(error), permanent=error.permanent)
        if not error.permanent:
            pause = getattr(error, "retry_after", None) or LEAST_PAUSE_SECONDS
            pause = min(max(pause, LEAST_PAUSE_SECONDS), MOST_PAUSE_SECONDS)
            embed_passages.send_with_options(delay=int(pause * 1000))
        return
    if more:
        wake()


def wake(delay_ms: int | None = None) -> None:
    """Tell the workers, once: a message that is under way serves all who wake them meanwhile.

    Without Valkey nothing is lost: what is due stands in the database.
    """
    try:
        if connection().set(WOKEN, "1", nx=True, ex=WOKEN_SECONDS):
            embed_passages.send_with_options(delay=delay_ms)
    except (BrokerError, RedisError, OSError) as error:
        log.warning("embedding.not_woken", error=type(error).__name__)


def _forget_waking() -> None:
    """From here on, what is due later takes a message of its own."""
    with suppress(RedisError, OSError):
        connection().delete(WOKEN)
