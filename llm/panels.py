"""The providers' part of the cost page: circuits now and lately, and batches on their way."""

from __future__ import annotations

import redis
from django.db.models import Count, Q

from costs.reports.panels import Panel, register
from costs.reports.window import Window
from llm import circuits
from llm.circuits import CircuitState
from llm.models import BatchEntry, CircuitEvent, MessageBatch

SHOWN = 12
State = MessageBatch.State
UNDER_WAY = (State.COLLECTED, State.SUBMITTING, State.SUBMITTED, State.ENDED)


def register_panels() -> None:
    register("providers", providers)


def providers(window: Window) -> Panel:
    events = CircuitEvent.objects.filter(at__gte=window.start, at__lt=window.end)
    is_open = Q(entries__state=BatchEntry.State.IN_BATCH)
    batches = MessageBatch.objects.filter(state__in=UNDER_WAY)
    context = {
        "circuits": states(),
        # One more than is shown tells that there are more.
        "events": list(events[: SHOWN + 1]),
        "shown_events": SHOWN,
        "batches": list(
            batches.annotate(questions=Count("entries"), open=Count("entries", filter=is_open))[:SHOWN]
        ),
    }  # fmt: skip
    return Panel("Providers", "llm/_providers.html", context)


def states() -> list[CircuitState] | None:
    """None while Valkey, where they are kept, is away."""
    try:
        return circuits.states()
    except redis.RedisError:
        return None
