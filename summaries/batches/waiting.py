"""Items whose answers come with a Message Batch: put aside, and gone on with when they have come.

An item that is gone on with runs from its start again; what was paid for is given from what
the door kept, so that it comes to the next question, or to its end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.utils import timezone

from llm.outbox import open_keys
from llm.tasks import carry_batches
from summaries.models import BatchItem, BatchRun

State = BatchItem.State
# How often the worker that submits and polls is woken.
CARRY_SECONDS = 5.0
LOOK_SECONDS = 1.0


def run_name(run: BatchRun) -> str:
    """The run as the ledger and the outbox know it."""
    return str(run.pk)


def go_on(run: BatchRun) -> int:
    """Take up the items whose answer has come, or will never come. How many."""
    waiting = run.items.filter(state=State.WAITING)
    keys = set(waiting.values_list("waits_for", flat=True))
    if not keys:
        return 0
    answered = keys - open_keys(keys)
    return waiting.filter(waits_for__in=answered).update(state=State.PENDING, waits_for="")


def all_wait(run: BatchRun) -> bool:
    """Whether nothing more will be asked before an answer comes: the batch is as full as it gets."""
    return not run.items.at_hand(timezone.now()).exists()


@dataclass
class Waiting:
    """Sees to a run's waiting items, now and then."""

    run: BatchRun
    _looked: float = field(default=float("-inf"))
    _carried: float = field(default=float("-inf"))

    def look(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        go_on(self.run)
        if now - self._carried >= CARRY_SECONDS and self._has_waiting():
            self._carried = now
            carry_batches.send(run_name(self.run) if all_wait(self.run) else "")

    def _has_waiting(self) -> bool:
        return self.run.items.filter(state=State.WAITING).exists()
