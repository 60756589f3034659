"""Seeing all batches through, by hand or beside a run. Any number may drive at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from llm.models import MessageBatch
from llm.outbox.polling import PAUSES, Pauses, poll_due
from llm.outbox.progress import anything_open
from llm.outbox.submitting import submit_due

TICK_SECONDS = 1.0


def drive(
    stopping: threading.Event,
    *,
    seconds: float | None = None,
    pauses: Pauses = PAUSES,
    tick_seconds: float = TICK_SECONDS,
    watch: Callable[[int, int], None] = lambda submitted, ended: None,
) -> bool:
    """Submit and poll until nothing is open. False: stopped, or ``seconds`` have passed.

    ``watch`` is told what each step brought: batches submitted, entries ended.
    """
    until = None if seconds is None else time.monotonic() + seconds
    while anything_open():
        if stopping.is_set() or (until is not None and time.monotonic() >= until):
            return False
        submitted, ended = submit_due(), poll_due(pauses=pauses)
        if submitted or ended:
            watch(submitted, ended)
        else:
            stopping.wait(tick_seconds)
    return True


def take_over() -> int:
    """End the leases of workers that are gone, and the pauses; how many. For when no other drives."""
    states = MessageBatch.State
    now = timezone.now()
    held = MessageBatch.objects.filter(
        ~Q(lease_until=None), state__in=(states.COLLECTED, states.SUBMITTING, states.ENDED)
    )
    return held.filter(lease_until__gt=now).update(lease_until=now)
