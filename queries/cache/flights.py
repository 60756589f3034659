"""Of all who ask the same at once, in any process, one works; the others are told what it tells.

A flight is a lock with a lease in Valkey and a stream of events beside it. The lease is kept by
a thread for as long as the process lives: who is killed loses it in LEASE_SECONDS, who goes away
gives it back at once, and one of those who wait takes over.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from queries.bursts import Burst
from queries.cache import valkey
from queries.cache.entries import event_bytes, event_of
from queries.values import Event, Step

LEASE_SECONDS = 6.0
RENEW_SECONDS = 1.5
LOOK_MS = 300
# What came of a flight is read by those who wait for a moment after its end.
KEPT_SECONDS = 60
LONGEST_STREAM = 20_000  # events

_RENEW = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_END = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for at = 4, #ARGV do redis.call('XADD', KEYS[2], '*', 'event', ARGV[at]) end
redis.call('XADD', KEYS[2], '*', 'end', ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return redis.call('DEL', KEYS[1])
"""
_TELL = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for at = 4, #ARGV do
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[at])
end
return redis.call('EXPIRE', KEYS[2], ARGV[2])
"""


@dataclass
class Flight:
    """The right to work out ``key``. Lost where Valkey went away or the lease ran out: the work
    goes on, and nobody is told of it."""

    key: str
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_lost: bool = False

    def __post_init__(self) -> None:
        self._burst = Burst(self._tell)

    @property
    def lock(self) -> str:
        return valkey.name("flight", self.key)

    @property
    def stream(self) -> str:
        return _stream(self.key, self.token)

    def tell(self, event: Event) -> None:
        """In a burst, together with others; the end tells what is left."""
        if told := event_bytes(event):
            self._burst.add(told, now=isinstance(event, Step))
        else:
            self.end(is_whole=False)
            self.is_lost = True

    def end(self, *, is_whole: bool) -> None:
        """``is_whole``: what was told is the answer; else somebody else has to begin anew."""
        _keeper.drop(self)
        left = self._burst.taken()
        self._run(_END, "whole" if is_whole else "broken", KEPT_SECONDS, *left)

    def _tell(self, told: list[bytes]) -> None:
        self._run(_TELL, KEPT_SECONDS * 10, LONGEST_STREAM, *told)

    def renew(self) -> None:
        self._run(_RENEW, int(LEASE_SECONDS * 1000))

    def _run(self, script: str, *arguments: Any) -> None:
        if self.is_lost:
            return
        keys = (self.lock, self.stream)
        try:
            done = valkey.ask(lambda client: client.eval(script, 2, *keys, self.token, *arguments))
        except valkey.Away:
            done = 0
        if not done:
            self.is_lost = True


class Broken(Exception):
    """The one who worked has gone; ask anew."""


def begin(key: str) -> Flight | None:
    """The right to work it out, or None where somebody has it. Raises valkey.Away."""
    flight = Flight(key)
    lease = int(LEASE_SECONDS * 1000)
    if not valkey.ask(lambda client: client.set(flight.lock, flight.token, nx=True, px=lease)):
        return None
    _keeper.keep(flight)
    return flight


def follow(key: str) -> Iterator[Event]:
    """What the one who works tells, as it comes, until it is whole.

    Raises Broken where nobody works any more and it isn't whole; valkey.Away.
    """
    token = valkey.ask(lambda client: client.get(valkey.name("flight", key)))
    if token is None:
        raise Broken
    stream, last = _stream(key, token.decode()), b"0"
    while True:
        told = valkey.ask(_reading(stream, last))
        for place, fields in told[0][1] if told else ():
            last = place
            if (end := fields.get(b"end")) is not None:
                if end == b"whole":
                    return
                raise Broken
            if (event := event_of(fields.get(b"event", b""))) is None:
                _wait_for_end(key, token)  # told by another version of ours
                raise Broken
            yield event
        if not told and not _is_held(key, token):
            raise Broken


def _wait_for_end(key: str, token: bytes) -> None:
    while _is_held(key, token):
        time.sleep(LOOK_MS / 1000)


def _reading(stream: str, last: bytes) -> Any:
    return lambda client: client.xread({stream: last}, count=100, block=LOOK_MS)


def _is_held(key: str, token: bytes) -> bool:
    return bool(valkey.ask(lambda client: client.get(valkey.name("flight", key))) == token)


def _stream(key: str, token: str) -> str:
    return valkey.name("told", key, token)


class _Keeper:
    """Renews the leases of this process, in one thread that ends when there are none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Flight] = {}
        self._thread: threading.Thread | None = None

    def keep(self, flight: Flight) -> None:
        with self._lock:
            self._kept[flight.token] = flight
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="flights", daemon=True)
                self._thread.start()

    def drop(self, flight: Flight) -> None:
        with self._lock:
            self._kept.pop(flight.token, None)

    def _run(self) -> None:
        idle = 0
        while True:
            time.sleep(RENEW_SECONDS)
            with self._lock:
                kept = list(self._kept.values())
                idle = 0 if kept else idle + 1
                if idle > 20:
                    self._thread = None
                    return
            for flight in kept:
                flight.renew()


_keeper = _Keeper()


def _forget() -> None:
    global _keeper
    _keeper = _Keeper()


os.register_at_fork(after_in_child=_forget)
