"""Valkey as the answers' cache reads it: bytes, and Away at once for a while when it doesn't answer."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

SECONDS = 2.0
AWAY_SECONDS = 3.0
CHECKSUM_BYTES = 4


class Away(Exception):
    """Valkey doesn't answer; do without."""


class _Health:
    away_until = 0.0


def back() -> None:
    """Ask it again at once."""
    _Health.away_until = 0.0


def ask(work: Callable[[Any], Result]) -> Result:
    """What ``work`` gets from the process's client. Raises Away."""
    if time.monotonic() < _Health.away_until:
        raise Away
    try:
        return work(_client(settings.REDIS_URL))
    except redis.RedisError as error:
        _Health.away_until = time.monotonic() + AWAY_SECONDS
        log.warning("answers.valkey_away", error=type(error).__name__, doing="without its cache")
        raise Away from error


@cache
def _client(url: str) -> Any:
    return redis.Redis.from_url(
        url,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        retry=Retry(NoBackoff(), 1),  # for a connection that went stale; the default waits 4 s
    )


def name(*parts: str) -> str:
    """A key of ours; its last part is what may differ in length."""
    broker: dict[str, Any] = settings.DRAMATIQ_BROKER
    return ":".join((broker["OPTIONS"]["namespace"], "answers", *parts))


def sealed(body: bytes) -> bytes:
    """With a checksum before it, so that what was damaged is told from what is whole."""
    return zlib.crc32(body).to_bytes(CHECKSUM_BYTES, "little") + body


def opened(entry: bytes | None) -> bytes | None:
    """The body of what was sealed; None where it is absent or damaged."""
    if entry is None or len(entry) < CHECKSUM_BYTES:
        return None
    body = entry[CHECKSUM_BYTES:]
    whole = zlib.crc32(body).to_bytes(CHECKSUM_BYTES, "little") == entry[:CHECKSUM_BYTES]
    return body if whole else None
