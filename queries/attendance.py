"""Whether a desk is at work somewhere, and when it is through with a query: both told in Valkey.

Who waits for an answer in a request's thread is woken by it, and asks the database nothing
meanwhile. Without Valkey no desk is attended.
"""

from __future__ import annotations

from uuid import UUID

import redis

from llm import shared

# A desk that hasn't been seen for so long has no seat free, or is gone.
SEEN_SECONDS = 6
# The word stays for so long, for who comes late to hear it.
ENDED_SECONDS = 60


def attend() -> None:
    """Raises redis.RedisError."""
    shared.client().set(_desk_key(), "1", ex=SEEN_SECONDS)


def leave() -> None:
    """Raises redis.RedisError."""
    shared.client().delete(_desk_key())


def is_attended() -> bool:
    try:
        return bool(shared.client().exists(_desk_key()))
    except redis.RedisError:
        return False


def tell_ended(pipeline: redis.client.Pipeline, query: str) -> None:
    """With whatever else is told of its end."""
    pipeline.rpush(ended_key(query), "1")
    pipeline.expire(ended_key(query), ENDED_SECONDS)


def is_ended_within(query: UUID, seconds: int) -> bool:
    """Waits until it is. Raises redis.RedisError."""
    return shared.client().blpop([ended_key(str(query))], timeout=seconds) is not None


def _desk_key() -> str:
    return shared.key("queries", "desk")


def ended_key(query: str) -> str:
    return shared.key("queries", f"{query}:ended")
