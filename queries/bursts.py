"""What comes in a burst is sent together: a round trip for each event would be most of the work.

The first of a burst goes at once, the others with the next that can't wait, at the latest after
BURST_SECONDS, by one thread a process.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

BURST_SECONDS = 0.03
IDLE_SECONDS = 30.0


@dataclass(eq=False)
class Burst(Generic[T]):
    """``send``: never raises; one call at a time, in the order of what was added."""

    send: Callable[[list[T]], None]
    _waiting: list[T] = field(default_factory=list)
    _sent_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, one: T, *, now: bool = False) -> None:
        """``now``: with all that waits."""
        with self._lock:
            self._waiting.append(one)
            if now or time.monotonic() - self._sent_at >= BURST_SECONDS:
                self._send()
            elif len(self._waiting) == 1:
                _sender.soon(self.flush)

    def flush(self) -> None:
        with self._lock:
            self._send()

    def taken(self) -> list[T]:
        """What waits, to be sent otherwise."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting

    def _send(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self.send(waiting)
            self._sent_at = time.monotonic()


class _Sender:
    """Sends what waits, in one thread that ends when nothing has for a while."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._thread: threading.Thread | None = None

    def soon(self, flush: Callable[[], None]) -> None:
        with self._changed:
            self._due.append((time.monotonic() + BURST_SECONDS, flush))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bursts", daemon=True)
                self._thread.start()
            elif len(self._due) == 1:
                self._changed.notify()

    def _run(self) -> None:
        while (flush := self._next()) is not None:
            flush()

    def _next(self) -> Callable[[], None] | None:
        """The next when it is due; None where there was nothing for IDLE_SECONDS."""
        with self._changed:
            if not self._due and not self._changed.wait_for(lambda: self._due, IDLE_SECONDS):
                self._thread = None
                return None
            due, flush = self._due.pop(0)
        time.sleep(max(due - time.monotonic(), 0))
        return flush


_sender = _Sender()


def _forget() -> None:
    global _sender
    _sender = _Sender()


os.register_at_fork(after_in_child=_forget)
