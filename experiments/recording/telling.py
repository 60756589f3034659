"""Told now, written soon: into Valkey at once, into the database by a thread a fraction of a second
later.

What was told is lost only if Valkey loses it (a second's worth if its machine stops), or if Valkey
is away and then this process is killed. Telling never raises and never waits for the database.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import deque
from contextlib import suppress

import structlog
from django.db import Error, connections

from experiments.recording import waiting
from experiments.recording.entries import Entry, dumped, loaded
from experiments.recording.writing import write

log = structlog.get_logger(__name__)

# How long lines gather before they are written together.
GATHER_SECONDS = 0.2
AGAIN_SECONDS = 1.0
# Of lines that neither Valkey nor the database takes; the oldest go first.
MOST_KEPT = 10_000


class Teller:
    """One a process; its thread begins with the first line."""

    def __init__(self) -> None:
        self._kept: deque[Entry] = deque(maxlen=MOST_KEPT)
        self._told = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_behind = False

    def tell(self, entry: Entry) -> None:
        try:
            waiting.push(dumped(entry))
        except waiting.Away:
            self._keep(entry)
        self._begin()
        self._told.set()

    def flush(self) -> None:
        """Write all that waits, now. Raises django.db.Error and waiting.Away."""
        with self._lock:
            self._write_kept()
            for name in waiting.taken():
                for lines in waiting.lines(name):
                    write(loaded(lines))
                waiting.done(name)

    def _keep(self, entry: Entry) -> None:
        if len(self._kept) == MOST_KEPT:
            log.error("experiments.lost", why="neither Valkey nor the database takes any more")
        self._kept.append(entry)

    def _write_kept(self) -> None:
        while self._kept:
            batch = [self._kept[n] for n in range(min(waiting.BATCH, len(self._kept)))]
            write(batch)
            for _ in batch:
                self._kept.popleft()

    def _begin(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._run, name="experiments", daemon=True
                    )
                    self._thread.start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._told.wait()
            pause.wait(GATHER_SECONDS)
            self._told.clear()
            try:
                self.flush()
                self._is_behind = False
            except (Error, waiting.Away) as error:
                self._say(error)
                self._told.set()
                pause.wait(AGAIN_SECONDS)
            except Exception:
                log.exception("experiments.not_written")
                pause.wait(AGAIN_SECONDS)
            finally:
                connections.close_all()

    def _say(self, error: Exception) -> None:
        """Once an outage."""
        if not self._is_behind:
            log.warning("experiments.not_written", error=type(error).__name__, doing="again, later")
        self._is_behind = True

    def end(self) -> None:
        """At the end of the process: what can't be written now stays in Valkey."""
        if self._thread is None:
            return
        with suppress(Error, waiting.Away):
            self.flush()
        connections.close_all()


teller = Teller()


def _after_fork() -> None:
    """The thread stayed with the parent, and so did what it is to write."""
    global teller
    teller = Teller()


def tell(entry: Entry) -> None:
    teller.tell(entry)


def flush() -> None:
    """Write all that any process told. Raises django.db.Error and waiting.Away."""
    teller.flush()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: teller.end())
