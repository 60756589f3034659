"""The queue in Valkey, so that what was told outlives the process that was told it.

Invariant: a line leaves Valkey only after it is committed. Who writes takes the whole queue aside
under a name of its own, noted with the time; what is left aside for long was some dead process's and
is written by whoever comes next. To write a line twice does no harm: each is one row.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 1.0
AWAY_SECONDS = 3.0
BATCH = 1_000
# A writer takes a second for a hundred batches; who is silent for this long is dead.
LEFT_SECONDS = 60.0
_TAKE_ASIDE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('ZADD', KEYS[3], ARGV[1], KEYS[2])
return 1
"""


class Away(Exception):
    """Valkey doesn't answer."""


class _Health:
    away_until = 0.0


def back() -> None:
    """Ask it again at once."""
    _Health.away_until = 0.0


def push(line: str) -> None:
    """Raises Away, for a few seconds at once after it didn't answer."""
    if time.monotonic() < _Health.away_until:
        raise Away
    try:
        _client(settings.REDIS_URL).rpush(_key("waiting"), line)
    except redis.RedisError as error:
        _Health.away_until = time.monotonic() + AWAY_SECONDS
        raise Away from error


def taken() -> Iterator[str]:
    """Names of what is to be written: all that waits, and what dead writers left. Raises Away."""
    client = _client(settings.REDIS_URL)
    now = time.time()
    own = _key(f"aside:{uuid.uuid4().hex}")
    try:
        if client.eval(_TAKE_ASIDE, 3, _key("waiting"), own, _key("aside"), now):
            yield own
        left = client.zrangebyscore(_key("aside"), "-inf", now - LEFT_SECONDS)
    except redis.RedisError as error:
        raise Away from error
    yield from left


def lines(name: str) -> Iterator[list[str]]:
    """Batch by batch. Raises Away."""
    start = 0
    while True:
        try:
            batch = _client(settings.REDIS_URL).lrange(name, start, start + BATCH - 1)
        except redis.RedisError as error:
            raise Away from error
        if not batch:
            return
        yield batch
        start += BATCH


def done(name: str) -> None:
    """All of it is committed. Raises Away."""
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=True) as pipeline:
            pipeline.delete(name)
            pipeline.zrem(_key("aside"), name)
            pipeline.execute()
    except redis.RedisError as error:
        raise Away from error


def _key(name: str) -> str:
    broker: dict[str, Any] = settings.DRAMATIQ_BROKER
    return f"{broker['OPTIONS']['namespace']}:experiments:{name}"


@cache
def _client(url: str) -> Any:
    return redis.Redis.from_url(
        url,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        decode_responses=True,
        retry=Retry(NoBackoff(), 1),  # for a connection that went stale; the default waits 4 s
    )
