"""Find or start one server of a data folder, and stop it.

Invariants:
- At most one server works in a folder. A server holds its folder's life lock for as long as it or
  any child of it lives, and is only started by who has just held that lock.
- Whoever answers on the recorded port is ours if the life lock is held: the port was written before
  the start, and a server that can't have its port dies and drops the lock. A process id is never
  taken as proof of anything but "may be signalled", and then its working folder is checked.
- Starting and stopping happen under the start lock; looking needs no lock.
"""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from . import access, locks, logs, ports, privileges, processes
from .access import Access
from .errors import EmbeddedError, FolderUnusable, StartFailed, StopFailed
from .ownership import give_to_owner
from .privileges import RunAs

START_SECONDS = 60.0
STOP_SECONDS = 60.0
# Longer than one start: the holder may have to make a database first.
LOCK_SECONDS = 180.0
POLL_SECONDS = 0.02
MAX_DELAY_SECONDS = 3.0
PORT_TAKEN = "Address already in use"
DISK_FULL = "No space left on device"

State = Literal["running", "not answering", "stopped"]


@dataclass(frozen=True)
class Status:
    name: str
    state: State
    port: int = 0
    pid: int | None = None

    @property
    def running(self) -> bool:
        return self.state == "running"

    def __str__(self) -> str:
        if self.state == "stopped":
            return f"{self.name}: stopped"
        return f"{self.name}: {self.state} on 127.0.0.1:{self.port}, process {self.pid}"


class Server(ABC):
    name: ClassVar[str]
    kind: ClassVar[str]  # names its folder and its lock
    stop_signal: ClassVar[signal.Signals]
    # What a start says if it only came too early, while remnants of a killed server went.
    transient: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.folder = self.data_dir / self.kind
        self.start_lock = self.data_dir / f"{self.kind}.lock"
        self.life_lock = self.folder / "alive"
        self.log_folder = self.folder / "log"
        self.start_log = self.log_folder / "start.log"

    # What the two servers differ in.

    @property
    @abstractmethod
    def pid_file(self) -> Path: ...

    @property
    @abstractmethod
    def working_folder(self) -> Path: ...

    @abstractmethod
    def url(self, reached: Access) -> str: ...

    @abstractmethod
    def create(self) -> None:
        """Make the server's folder, whole or not at all."""

    @abstractmethod
    def command(self, reached: Access) -> list[str]: ...

    @abstractmethod
    def answers(self, reached: Access) -> bool:
        """Whether the server takes connections now: not while it starts or recovers."""

    def run_as(self) -> RunAs:
        return privileges.folder_owner(self.folder)

    # What they share.

    def ensure(self) -> str:
        """The URL of the running server, which is started if need be."""
        return self.url(self._answering() or self._find_or_start())

    def stop(self) -> bool:
        """Stop the server cleanly and wait until it is gone. False if it wasn't running."""
        if not locks.is_held(self.life_lock):
            return False
        with locks.exclusive(self.start_lock, LOCK_SECONDS):
            pid = self._pid()
            # Unverified, it may be another's: then only wait for what is left of ours.
            if pid and processes.works_in(pid, self.working_folder):
                os.kill(pid, self.stop_signal)
            if not _wait(lambda: not locks.is_held(self.life_lock), STOP_SECONDS):
                raise StopFailed(self.name, pid, STOP_SECONDS)
        return True

    def status(self) -> Status:
        reached = access.read(self.folder)
        if reached is None or not locks.is_held(self.life_lock):
            return Status(self.name, "stopped")
        # Not yet, while it starts or recovers.
        state: State = "running" if self.answers(reached) else "not answering"
        return Status(self.name, state, reached.port, self._pid())

    def _answering(self) -> Access | None:
        reached = access.read(self.folder)
        if reached is None or not locks.is_held(self.life_lock):
            return None
        return reached if self.answers(reached) else None

    def _find_or_start(self) -> Access:
        make_folder(self.data_dir)
        with locks.exclusive(self.start_lock, LOCK_SECONDS):
            deadline = time.monotonic() + START_SECONDS
            return self._await_running(deadline) or self._start(deadline)

    def _await_running(self, deadline: float) -> Access | None:
        """The server, if one lives: it may still be starting, or be what a kill has left."""
        while locks.is_held(self.life_lock):
            if reached := self._answering():
                return reached
            if time.monotonic() > deadline:
                reason = f"it has been running for {START_SECONDS:.0f} s without taking connections"
                raise StartFailed(self.name, reason, self._log_tail())
            time.sleep(POLL_SECONDS)
        return None

    def _start(self, deadline: float) -> Access:
        if not self.folder.exists():
            self.create()
        reached = access.read(self.folder)
        if reached is None:
            raise FolderUnusable(self.folder, f"{access.FILE_NAME} with its password is gone")
        self._refuse_or_clear_pid_file()
        return self._start_until(deadline, reached)

    def _start_until(self, deadline: float, reached: Access) -> Access:
        delay = 0.1
        while True:
            reached = replace(reached, port=ports.choose(reached.port))
            access.write(self.folder, reached)
            said = self._attempt(reached, deadline)
            if said is None:
                return reached
            if PORT_TAKEN in said:  # by somebody who came between our look and the start
                reached = replace(reached, port=0)
            elif not any(words in said for words in self.transient):
                raise self._start_failure("it ended at once", said)
            if time.monotonic() + delay > deadline:
                raise self._start_failure(f"no attempt of {START_SECONDS:.0f} s succeeded", said)
            time.sleep(delay)
            delay = min(delay * 2, MAX_DELAY_SECONDS)

    def _attempt(self, reached: Access, deadline: float) -> str | None:
        """Launch once. None when the server answers, or what its logs say when it has died."""
        make_folder(self.log_folder)
        give_to_owner(self.log_folder, self.folder)
        logs.rotate(self.start_log)
        before = logs.sizes(self.log_folder)
        self._launch(reached)
        while not self.answers(reached):
            if not locks.is_held(self.life_lock):
                return logs.since(self.log_folder, before)
            if time.monotonic() > deadline:
                said = logs.since(self.log_folder, before)
                raise self._start_failure(f"no answer within {START_SECONDS:.0f} s", said)
            time.sleep(POLL_SECONDS)
        if not locks.is_held(self.life_lock):
            raise FolderUnusable(self.folder, "its file system doesn't keep locks (flock)")
        return None

    def _launch(self, reached: Access) -> None:
        life = locks.acquire(self.life_lock, timeout=1.0)
        if life is None:
            raise StartFailed(self.name, "another server has this folder", self._log_tail())
        try:
            processes.launch(
                self.command(reached),
                folder=self.folder,
                log=self.start_log,
                run_as=self.run_as(),
                keep_open=life,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise StartFailed(self.name, str(error), self._log_tail()) from error
        finally:
            os.close(life)

    def _refuse_or_clear_pid_file(self) -> None:
        """Nobody holds the life lock: a process that works here anyway wasn't started by us.

        A pid that now belongs to a process elsewhere proves the file stale, and is cleared because
        PostgreSQL would believe it. The pid of no process at all it sees through by itself.
        """
        pid = self._pid()
        if pid is None or not processes.is_alive(pid):
            return
        if processes.works_in(pid, self.working_folder):
            raise EmbeddedError(
                f"Process {pid} works in {self.working_folder} and wasn't started by this project. "
                "Stop it and try again."
            )
        self.pid_file.unlink(missing_ok=True)

    def _pid(self) -> int | None:
        try:
            return int(self.pid_file.read_bytes().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _start_failure(self, reason: str, said: str) -> EmbeddedError:
        if DISK_FULL in said:
            return FolderUnusable(self.folder, "its disk is full")
        return StartFailed(self.name, reason, logs.tail(said))

    def _log_tail(self) -> str:
        return logs.tail(logs.since(self.log_folder, {}))


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter; an existing one stays as it is."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(folder, error) from error


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
