"""Being asked to stop: the first signal is taken in order, a second one at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM)


class Interruption(threading.Event):
    """Set by the first signal, which it remembers."""

    number: int | None = None

    @property
    def exit_code(self) -> int:
        """As shells have it: 128 and the signal's number, 130 for Ctrl-C."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Only in a main thread: signals are handled there."""
    asked = Interruption()

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.number = number
        asked.set()

    before = {number: signal.signal(number, ask) for number in ASKING}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
