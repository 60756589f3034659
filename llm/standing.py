"""How the door stands: providers, circuits, limits in use, what the caches saved, open ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import redis
from django.db.models import Sum
from django.utils import timezone

from costs.errors import CostError
from costs.models import UsageRecord
from llm import circuits, limits, routing
from llm.calling import Call, Step
from llm.circuits import CircuitState
from llm.limits import Limits
from llm.providers import setup
from llm.routing import Rung
from llm.trying import tried
from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn

LATELY = timedelta(hours=24)

_CHECK = Ask(
    purpose=Purpose(agent="llm_status", category="infrastructure"),
    prompt=Prompt("check", "", ""),
    turns=(Turn("user", (Part("Say yes."),)),),
    complexity=Complexity.SIMPLE,
    max_output_tokens=16,  # fewer some models refuse
    seconds=30.0,
)


@dataclass(frozen=True)
class CacheUse:
    """Prompt tokens of settled calls, and how many of them the provider read from its cache."""

    prompt: int
    read: int

    @property
    def ratio(self) -> float | None:
        """0 to 1; None where nothing was asked."""
        return self.read / self.prompt if self.prompt else None


@dataclass(frozen=True)
class Standing:
    """``circuits``: None while Valkey is away. ``unknown``: calls whose outcome nobody knows."""

    providers: tuple[str, ...]
    is_off: bool
    ladders: dict[Complexity, tuple[Rung, ...]]
    limits: Limits
    circuits: list[CircuitState] | None
    cache: CacheUse
    unknown: int
    sending: int


def standing() -> Standing:
    """Now; the cache's figures are of the last 24 hours."""
    states = UsageRecord.State
    try:
        told = circuits.states()
    except redis.RedisError:
        told = None
    return Standing(
        providers=setup.in_use(),
        is_off=routing.is_off(),
        ladders=routing.ladders(),
        limits=limits.limits(),
        circuits=told,
        cache=cache_use(LATELY),
        unknown=UsageRecord.objects.filter(state=states.UNKNOWN).count(),
        sending=UsageRecord.objects.filter(state=states.SENDING).count(),
    )


def cache_use(lately: timedelta) -> CacheUse:
    """Of the calls sent so lately."""
    names = ("input_tokens", "cache_write_tokens", "cache_write_1h_tokens", "cache_read_tokens")
    sums = UsageRecord.objects.filter(
        sent_at__gte=timezone.now() - lately, state=UsageRecord.State.SETTLED
    ).aggregate(**{name: Sum(name, default=0) for name in names})
    return CacheUse(sum(sums.values()), sums["cache_read_tokens"])


def problem(rung: Rung) -> str:
    """Ask a model for one token, on the ledger; "" where it answers, else what failed."""
    call = Call(_CHECK, "write")
    request = replace(call.request, model=rung.model, effort=rung.effort)
    try:
        reply = tried(call, Step(rung, request, after=0))
    except CostError as error:
        return str(error)
    return "" if reply or call.ended is None else str(call.ended)
