"""How many calls to a provider are under way, and how many begin in a minute: all workers together.

One step in Valkey lets a call begin (admit.lua), one more ends it (leave.lua). In a process one
thread at a time asks, the others stand in line behind it, so that a full house isn't polled by
every thread. A seat has an end of its own: a killed worker's falls free.

While Valkey is away each process keeps a small share of the limits by itself.
"""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings

from costs.tokens import Tokens
from llm import circuits, shared
from llm.alone import Alone
from llm.errors import DoorError

# Of a minute's limit, what may begin at once: the provider's own bucket is never emptier than ours.
BURST_SHARE = 0.1
# A full house is asked again so soon, in seconds; a seat that falls free here is known at once.
LOOK_AGAIN = (0.02, 0.06)
LEASE_SPARE_SECONDS = 15.0
# Providers whose limits don't count what is read from their cache.
CACHE_READS_FREE = frozenset({"anthropic"})


class Outcome(StrEnum):
    """What a call told of its provider's health."""

    OK = "ok"
    ILL = "ill"
    NONE = "none"


class Busy(DoorError):
    """No call may begin in time. ``why``: open, hold, seats, requests, tokens, stopped."""

    def __init__(self, provider: str, why: str, seconds: float) -> None:
        super().__init__(f"{provider}: {why}, {seconds:.1f} s more")
        self.provider, self.why, self.seconds = provider, why, seconds


@dataclass(frozen=True)
class Seat:
    """Leave to make one call. ``tokens``: how many were taken from the minute's."""

    provider: str
    id: str
    tokens: int
    alone: Alone | None = None


@dataclass(frozen=True)
class Limits:
    seats: int
    requests: int  # a minute
    tokens: int  # a minute


class _Line:
    """Those of this process who wait for one provider."""

    def __init__(self) -> None:
        self.head = threading.Lock()
        self.freed = threading.Event()
        self.alone = Alone()
        # The provider wants nobody before that moment on the monotonic clock.
        self.shut_until = 0.0


_lines: dict[str, _Line] = {}


def limits() -> Limits:
    """Of each provider, all machines together."""
    return Limits(
        settings.LLM_CONCURRENCY, settings.LLM_REQUESTS_A_MINUTE, settings.LLM_TOKENS_A_MINUTE
    )


def take(
    provider: str,
    *,
    tokens: int,
    within: float,
    lasting: float,
    stop: threading.Event | None = None,
) -> Seat:
    """Wait for a seat and for room in the minute, ``within`` seconds at most.

    ``tokens``: of the prompt and the longest answer. ``lasting``: the most seconds the call takes.
    Raises Busy, as soon as it is known that it takes longer, or when ``stop`` is set.
    """
    line, until = _line(provider), time.monotonic() + within
    wanted = Seat(provider, uuid.uuid4().hex, tokens)
    _stand(line, provider, until, stop)
    try:
        while True:
            line.freed.clear()
            said = _admit(line, wanted, lasting)
            if isinstance(said, Seat):
                return said
            why, seconds = said
            if why == "hold":
                line.shut_until = time.monotonic() + seconds
            left = until - time.monotonic()
            if why == "open" or seconds > left or left <= 0:
                raise Busy(provider, why, seconds)
            if stop is not None and stop.is_set():
                raise Busy(provider, "stopped", 0)
            pause = min(left, seconds or random.uniform(*LOOK_AGAIN))  # noqa: S311
            line.freed.wait(min(pause, 0.2) if stop is not None else pause)
    finally:
        line.head.release()


def leave(
    seat: Seat,
    outcome: Outcome,
    *,
    used: Tokens | None,
    hold_seconds: float = 0.0,
    reason: str = "",
) -> None:
    """The call has ended. ``used``: None where nobody knows, and what was taken stays taken."""
    back = 0 if used is None else seat.tokens - _counted(seat.provider, used)
    line = _line(seat.provider)
    if seat.alone is not None:
        seat.alone.leave(back)
    else:
        _release(seat, outcome, back, hold_seconds, reason)
    line.freed.set()


def hold(provider: str, seconds: float, reason: str = "") -> None:
    """No call to it begins for so long, anywhere. A longer hold stays."""
    nobody = Seat(provider, "", 0)
    _release(nobody, Outcome.NONE, 0, seconds, reason)


def _line(provider: str) -> _Line:
    line = _lines.get(provider)
    return line if line is not None else _lines.setdefault(provider, _Line())


def _stand(line: _Line, provider: str, until: float, stop: threading.Event | None) -> None:
    """Come to the head of the line."""
    while not line.head.acquire(timeout=min(0.1, max(0.0, until - time.monotonic()))):
        now = time.monotonic()
        if line.shut_until > until or now >= until:
            why = "hold" if line.shut_until > until else "seats"
            raise Busy(provider, why, max(0.0, line.shut_until - now))
        if stop is not None and stop.is_set():
            raise Busy(provider, "stopped", 0)


def _admit(line: _Line, wanted: Seat, lasting: float) -> Seat | tuple[str, float]:
    """The seat, or why not and for how many seconds; 0 where it can't be known."""
    allowed = limits()
    lease = int((lasting + LEASE_SPARE_SECONDS) * 1000)
    arguments: list[Any] = [
        wanted.id, allowed.seats, lease,
        60_000_000 / allowed.requests, max(1, allowed.requests * BURST_SHARE),
        60_000_000 / allowed.tokens, wanted.tokens, max(1, allowed.tokens * BURST_SHARE),
    ]  # fmt: skip
    try:
        verdict, ms, state = shared.run(shared.ADMIT, shared.keys(wanted.provider), arguments)
    except shared.Away:
        if (
            seconds := line.alone.admit(
                allowed.seats, allowed.requests, allowed.tokens, wanted.tokens
            )
        ) is None:
            return Seat(wanted.provider, wanted.id, wanted.tokens, line.alone)
        return "alone", seconds
    if state:
        circuits.changed(wanted.provider, state, "the cool-down is over")
    return wanted if verdict == "go" else (verdict, int(ms) / 1000)


def _release(seat: Seat, outcome: Outcome, back: int, hold_seconds: float, reason: str) -> None:
    arguments: list[Any] = [
        seat.id, outcome.value, 60_000_000 / limits().tokens * back,
        int(hold_seconds * 1000), reason, *circuits.rules(),
    ]  # fmt: skip
    try:
        state = shared.run(shared.LEAVE, shared.keys(seat.provider), arguments)
    except shared.Away:
        return  # the seat's lease ends
    if state:
        circuits.changed(seat.provider, state, reason)


def _counted(provider: str, used: Tokens) -> int:
    free = used.cache_read if provider in CACHE_READS_FREE else 0
    return used.prompt - free + used.output


def forget() -> None:
    """Nobody stands in line in this process; after a fork what other threads held is void."""
    _lines.clear()


os.register_at_fork(after_in_child=forget)
