"""What all workers know of a provider together: keys and scripts in Valkey.

One pool of connections a process. Whoever asks while Valkey is away hears Away at once for a
few seconds, so that a call isn't held up by a time-out for each of its steps.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

SECONDS = 2.0
AWAY_SECONDS = 3.0

ADMIT = Path(__file__).with_name("admit.lua").read_text()
LEAVE = Path(__file__).with_name("leave.lua").read_text()


class Away(Exception):
    """Valkey doesn't answer."""


class _Health:
    away_until = 0.0


def back() -> None:
    """Ask it again at once."""
    _Health.away_until = 0.0


def client() -> Any:
    """The process's client. Raises redis.RedisError when used and away."""
    return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> Any:
    return redis.Redis.from_url(
        url,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        decode_responses=True,
        retry=Retry(NoBackoff(), 1),  # for a connection that went stale; the default waits 4 s
    )


@cache
def _script(text: str, url: str) -> Any:
    return _client(url).register_script(text)


def run(text: str, keys: list[str], arguments: list[Any]) -> Any:
    """A script's answer. Raises Away."""
    if time.monotonic() < _Health.away_until:
        raise Away
    try:
        said = _script(text, settings.REDIS_URL)(keys, arguments)
    except redis.RedisError as error:
        _Health.away_until = time.monotonic() + AWAY_SECONDS
        log.warning(
            "llm.valkey_away", error=type(error).__name__, doing="this process's share of limits"
        )
        raise Away from error
    return said


def key(provider: str, what: str) -> str:
    broker: dict[str, Any] = settings.DRAMATIQ_BROKER
    return f"{broker['OPTIONS']['namespace']}:llm:{provider}:{what}"


def keys(provider: str) -> list[str]:
    """In the order of both scripts."""
    names = ("circuit", "outcomes", "seats", "requests", "tokens", "hold")
    return [key(provider, name) for name in names]
