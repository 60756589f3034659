"""A breaker for each provider, shared by all workers: who is ill is left alone for a while.

Its state moves only inside the scripts that admit and release calls (admit.lua, leave.lua), so
that each change is told to exactly one caller, who writes its CircuitEvent. Not pybreaker, whose
read and write of a shared state are two steps: two processes would both open, and both try.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import Error

from llm import shared
from llm.models import CircuitEvent
from llm.providers import setup

log = structlog.get_logger(__name__)

State = CircuitEvent.State

FEWEST_ILL = 5
ILL_SHARE = 0.5
SLOT_MS, SLOTS = 10_000, 6  # a window of a minute


@dataclass(frozen=True)
class CircuitState:
    """How a provider stands now.

    ``since``: when it opened; ``until``: when the next call may try; ``ill`` and ``ok``: calls of
    the last minute; ``seats``: calls under way on all machines; ``held_seconds``: how long
    everybody waits because the provider said so.
    """

    provider: str
    state: State
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    ok: int = 0
    ill: int = 0
    seats: int = 0
    held_seconds: float = 0.0


def cool_seconds() -> float:
    """How long an open circuit stays so before one call tries."""
    return float(getattr(settings, "LLM_CIRCUIT_SECONDS", 30))


def rules() -> list[Any]:
    """As leave.lua takes them."""
    return [FEWEST_ILL, ILL_SHARE, SLOT_MS, SLOTS, int(cool_seconds() * 1000)]


def states() -> list[CircuitState]:
    """Of each provider in use, in its order. Raises redis.RedisError when Valkey is away."""
    return [_state(provider) for provider in setup.in_use()]


def changed(provider: str, state: str, reason: str) -> None:
    """Write down that a circuit has moved; the log alone where the database is away."""
    log.warning("llm.circuit", provider=provider, state=state, reason=reason)
    try:
        CircuitEvent.objects.create(provider=provider, state=state, reason=reason[:100])
    except Error as error:
        log.error("llm.circuit_not_recorded", provider=provider, error=type(error).__name__)


def _state(provider: str) -> CircuitState:
    circuit_key, outcomes_key, seats_key, _, _, hold_key = shared.keys(provider)
    pipe = shared.client().pipeline(transaction=False)
    pipe.hgetall(circuit_key)
    pipe.hgetall(outcomes_key)
    pipe.time()
    pipe.pttl(hold_key)
    circuit, outcomes, (seconds, micros), held = pipe.execute()
    now = seconds * 1000 + micros // 1000
    seats: int = shared.client().zcount(seats_key, f"({now}", "+inf")
    recent = [
        slot
        for slot in range(SLOTS)
        if int(outcomes.get(f"{slot}:at", -1)) > now // SLOT_MS - SLOTS
    ]
    return CircuitState(
        provider=provider,
        state=State(circuit.get("state", State.CLOSED)),
        since=_moment(circuit.get("since")),
        until=_moment(circuit.get("until")),
        reason=circuit.get("reason", ""),
        ok=sum(int(outcomes[f"{slot}:ok"]) for slot in recent),
        ill=sum(int(outcomes[f"{slot}:ill"]) for slot in recent),
        seats=seats,
        held_seconds=max(0, held) / 1000,
    )


def _moment(milliseconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None
