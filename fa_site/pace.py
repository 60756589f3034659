"""A rate that all workers keep together, counted in Valkey on Valkey's own clock.

Each caller gets its turn by one atomic step (the generic cell rate algorithm, a token
bucket without a refill timer), so that no two machines take the same turn and no
clock of a worker matters.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import redis

from fa_site.broker import connection

# KEYS: turn, hold. ARGV: microseconds a unit, units now, units allowed at once, longest wait.
# Returns the microseconds to wait; -1 minus that where the wait would be too long, and then
# no turn is taken. A turn later than the longest wait can only come from a clock set back.
_TURN = """
local held = redis.call('PTTL', KEYS[2])
if held > 0 then return -1 - held * 1000 end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, units, burst, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local turn = tonumber(redis.call('GET', KEYS[1]) or now)
if turn < now or turn > now + longest * 2 + each * burst then turn = now end
local wait = math.max(0, turn - each * (burst - 1) - now)
if wait > longest then return -1 - wait end
redis.call('SET', KEYS[1], string.format('%.0f', turn + each * units), 'PX', string.format('%.0f', (turn - now + each * units) / 1000 + 1000))
return wait
"""


class TurnTooFar(Exception):
    """No turn within the longest wait; ``seconds`` until there may be one."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"{name} is to be left alone for {seconds:.0f} more seconds.")
        self.seconds = seconds


@dataclass(frozen=True)
class Pace:
    """At most ``per_second`` units a second over all processes, ``burst`` of them at once."""

    name: str
    per_second: float
    burst: int = 1
    longest_wait: float = 60.0
    client: Callable[[], redis.Redis] = field(default=connection, repr=False)

    def turn(self, units: float = 1) -> float:
        """Take a turn; returns the seconds to wait for it. Raises TurnTooFar, redis.RedisError."""
        each = 1_000_000 / self.per_second
        arguments: list[Any] = [each, units, self.burst, self.longest_wait * 1_000_000]
        said = int(self.client().eval(_TURN, 2, *self._keys, *arguments))
        if said < 0:
            raise TurnTooFar(self.name, (-1 - said) / 1_000_000)
        return said / 1_000_000

    def wait(self, units: float = 1) -> None:
        """Take a turn and sleep until it comes. Raises TurnTooFar, redis.RedisError."""
        time.sleep(self.turn(units))

    def hold(self, seconds: float) -> None:
        """Nobody gets a turn for so long. A longer hold stays. Raises redis.RedisError."""
        client, key = self.client(), self._keys[1]
        wanted = int(seconds * 1000)
        if wanted > 0 and int(client.pttl(key)) < wanted:
            client.set(key, "1", px=wanted)

    @property
    def _keys(self) -> tuple[str, str]:
        return f"fa:pace:{self.name}:turn", f"fa:pace:{self.name}:hold"
