"""Child processes: started in sessions of their own, restarted when they die, never orphaned.

Invariant: a child ends when its parent does, however the parent ends. On Linux
the kernel sees to it; elsewhere the child looks for its parent every second.
Only processes started here are ever signalled, by their pid.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fa_site.services import BASE_DIR, data_dir

PARENT = "FA_PARENT_PID"
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20.0
LONGEST_DELAY = 30.0
# A child that lived this long was well: its next death starts the back-off anew.
WELL_SECONDS = 60.0
KEPT_LOG_BYTES = 5_000_000


def end_with_parent(sig: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """Have this process get ``sig`` when its parent ends; at once if it has ended already.

    On Linux this outlives exec, but not fork: a forked child must call it too.
    """
    parent = parent or os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), sig)
        return
    threading.Thread(target=_watch, args=(parent, sig), name="parent-watch", daemon=True).start()


def _watch(parent: int, sig: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), sig)


def end_with_starter() -> None:
    """For commands that a `Child` runs: end with the process that started us, if one did."""
    if starter := os.environ.pop(PARENT, ""):
        end_with_parent(parent=int(starter))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass
class Child:
    """A command of ours as a child process. Start it from a thread that lives as long as we do."""

    name: str
    arguments: list[str]  # of manage.py
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0

    @property
    def command(self) -> list[str]:
        return [sys.executable, str(BASE_DIR / "manage.py"), *self.arguments]

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with _log(self.name) as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=BASE_DIR,
                env={**os.environ, **self.environment, PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop it in order
            )
        self.started = time.monotonic()

    def keep(self) -> bool:
        """Start it if it isn't running and its back-off is over. True if it had died."""
        if self.running:
            return False
        if self.process is None:
            self.start()
            return False
        lived = time.monotonic() - self.started
        if lived > WELL_SECONDS:
            self.deaths = 0
        if lived < min(2.0**self.deaths / 2, LONGEST_DELAY):
            return False
        self.deaths += 1
        self._end_session()
        self.start()
        return True

    def ask_to_stop(self) -> None:
        if self.process is not None and self.running:
            self.process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end, wait, and end what is left of its session by force."""
        if self.process is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self._end_session()
        self.process.wait()
        self.process = None

    def _end_session(self) -> None:
        # The session is the child's own, so its group holds the child and its forks alone.
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(children: list[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()


def log_path(name: str) -> Path:
    return data_dir() / "logs" / f"{name}.log"


def _log(name: str) -> IO[bytes]:
    path = log_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > KEPT_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def log_tail(name: str, lines: int = 15) -> str:
    """The end of a child's log, for people."""
    try:
        text = log_path(name).read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
