"""How many requests to one source are under way at once, over all workers, counted in Valkey.

Pace limits how often requests begin; this limits how many are unfinished. A seat has an end,
so that a killed worker doesn't keep it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import redis

from fa_site.broker import connection

# KEYS: seats. ARGV: seat, most, milliseconds until it falls free by itself. On Valkey's clock.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""


class NoSeat(Exception):
    """None fell free in time."""


@dataclass(frozen=True)
class Seats:
    """At most ``most`` at once; ``lease_seconds``: longer than anyone needs one."""

    name: str
    most: int
    lease_seconds: float = 180.0
    client: Callable[[], redis.Redis] = field(default=connection, repr=False)

    @contextmanager
    def taken(self, within: float) -> Iterator[None]:
        """A seat for the block. Raises NoSeat after ``within`` seconds, redis.RedisError."""
        client, seat = self.client(), str(uuid.uuid4())
        until = time.monotonic() + within
        while not self._take(client, seat):
            if time.monotonic() > until:
                raise NoSeat(self.name)
            time.sleep(0.05)
        try:
            yield
        finally:
            with suppress(redis.RedisError):  # it falls free by itself
                client.zrem(self._key, seat)

    def _take(self, client: redis.Redis, seat: str) -> bool:
        arguments: list[Any] = [seat, self.most, int(self.lease_seconds * 1000)]
        return bool(client.eval(_TAKE, 1, self._key, *arguments))

    @property
    def _key(self) -> str:
        return f"fa:seats:{self.name}"
