"""File locks that can't go stale.

Invariant: every lock is a `flock`, which belongs to an open file and dies with the last process
that has it open. No lock is ever inferred from a file's existence or from a process id, so a crash,
a `kill -9` or a reused pid can't leave one behind.

Two kinds are used. The *start lock* is held by whoever starts or stops a server. The *life lock* is
handed to the server itself, and its children inherit it: while any of them lives, it is held.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import EmbeddedError, FolderUnusable
from .ownership import give_to_owner

POLL_SECONDS = 0.01


@contextmanager
def exclusive(path: Path, timeout: float) -> Iterator[None]:
    fd = acquire(path, timeout)
    if fd is None:
        raise EmbeddedError(
            f"Another process has been starting or stopping a server for {timeout:.0f} s and holds "
            f"{path}. Wait for it, or end it."
        )
    try:
        yield
    finally:
        os.close(fd)


def acquire(path: Path, timeout: float) -> int | None:
    """An open file that holds the lock until it is closed, or None after `timeout` seconds."""
    fd = _open(path)
    deadline = time.monotonic() + timeout
    while not _try_lock(fd, path, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            os.close(fd)
            return None
        time.sleep(POLL_SECONDS)
    return fd


def is_held(path: Path) -> bool:
    """Whether a process holds the lock. Callers that only look don't disturb each other."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise FolderUnusable(path.parent, error) from error
    try:
        return not _try_lock(fd, path, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def _open(path: Path) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        give_to_owner(fd, path.parent)
    except OSError as error:
        raise FolderUnusable(path.parent, error) from error
    return fd


def _try_lock(fd: int, path: Path, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # a file system without locks
        raise FolderUnusable(path.parent, error) from error
    return True
