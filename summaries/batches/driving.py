"""Seeing a run through: keeps so many items in flight until none is open.

The driver owns nothing: killed, another driver goes on from the database. It
only says "look at this item" to the workers, and says it again where nobody
looked, because a message can be lost and a worker can die.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from redis.exceptions import RedisError

from summaries.batches.progress import Progress
from summaries.batches.runs import Run, expire_claims, finish_if_done, give_up_exhausted
from summaries.models import BatchItem, IngestItem

TICK_SECONDS = 0.1
# A message that nobody acted on for this long is lost, or its worker is.
RESEND_SECONDS = 10.0
SHORTEST_WAIT, LONGEST_WAIT = 0.25, 8.0
# How long the database or Valkey may be away before the driver gives up (the run can be resumed).
PATIENCE_SECONDS = 180.0

Item = BatchItem | IngestItem

OUTAGES = (OperationalError, InterfaceError, RedisError)


class ServicesAway(Exception):
    """The database or Valkey stayed away; the run can be gone on with later."""


@dataclass
class Driver:
    run: Run
    concurrency: int
    send: Callable[[int], object]
    keep_workers: Callable[[], bool]  # sees to living workers; True where some had died
    revive: Callable[[], None]  # starts our embedded servers where they died
    watch: Callable[[Any], None]
    stopping: threading.Event
    measure: Callable[..., Any] = Progress.of  # of the run, since an earlier measure
    aside: Callable[[], None] = lambda: None  # sees to what waits for an answer from outside
    _sent: dict[int, tuple[int, float]] = field(default_factory=dict)  # id -> attempts, moment
    _began: Any = None

    def __post_init__(self) -> None:
        self._outage = Outage(self.revive)

    def drive(self) -> bool:
        """True when the run is finished, False when it was asked to stop. Raises ServicesAway."""
        return drive_all([self])

    def step(self) -> bool:
        """Look once at the run; True when it is finished. Raises ServicesAway."""
        try:
            self._began = self._began or self.measure(self.run)
            finished = self._tick()
            self.watch(self.measure(self.run, since=self._began))
        except OUTAGES as error:
            self._sent.clear()
            self._outage.wait(error, self.stopping)
            return False
        self._outage.over()
        return finished

    def _tick(self) -> bool:
        if self.keep_workers():
            self._sent.clear()
            expire_claims(self.run)
        give_up_exhausted(self.run)
        self.aside()
        now = timezone.now()
        # What was sent first is done first: the front of the open items holds all in flight.
        at_hand = self.run.items.at_hand(now).order_by("pk")
        front: list[Item] = list(at_hand[: 4 * self.concurrency])
        waiting = [item for item in front if _waits(item, now) and not self._in_flight(item)]
        in_flight = len(front) - len(waiting)
        for item in waiting[: max(self.concurrency - in_flight, 0)]:
            self.send(item.pk)
            self._sent[item.pk] = (item.attempts, time.monotonic())
        return finish_if_done(self.run) if not front else False

    def _in_flight(self, item: Item) -> bool:
        """Sent and not lost. An item given back rests longer after each attempt."""
        attempts, moment = self._sent.get(item.pk, (-1, 0.0))
        age = time.monotonic() - moment
        if attempts == item.attempts:
            return age < RESEND_SECONDS
        return attempts >= 0 and age < min(2.0**item.attempts / 2, RESEND_SECONDS)


def _waits(item: Item, now: object) -> bool:
    return item.state == BatchItem.State.PENDING or not (
        item.lease_until is not None and item.lease_until >= now  # type: ignore[operator]
    )


def drive_all(drivers: Sequence[Driver]) -> bool:
    """Drive runs side by side, so that one that waits holds up no other. See ``Driver.drive``."""
    left = list(drivers)
    while left and not left[0].stopping.is_set():
        left = [driver for driver in left if not driver.step()]
        if left:
            left[0].stopping.wait(TICK_SECONDS)
    return not left


@dataclass
class Outage:
    """The database or Valkey is away: start it again if it is ours, and wait longer each time."""

    revive: Callable[[], None]
    since: float | None = None
    wait_seconds: float = SHORTEST_WAIT

    def wait(self, error: Exception, stopping: threading.Event) -> None:
        self.since = self.since or time.monotonic()
        if time.monotonic() - self.since > PATIENCE_SECONDS:
            raise ServicesAway(str(error)) from error
        # The pool finds out by itself; this thread's broken connection is ours to drop.
        connections.close_all()
        try:
            self.revive()
        except Exception as again:  # whatever keeps it from starting may pass; patience is bounded
            error = again
        stopping.wait(self.wait_seconds)
        self.wait_seconds = min(self.wait_seconds * 2, LONGEST_WAIT)

    def over(self) -> None:
        self.since, self.wait_seconds = None, SHORTEST_WAIT
