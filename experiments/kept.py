"""Rows that serving asks for all the time, kept in the process for a few seconds.

Never raises: while the database is away what was known last stays, and before that nothing is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import structlog
from django.db import Error, transaction

log = structlog.get_logger(__name__)

# Another process sees a change after so long at the latest.
KEPT_SECONDS = 5.0

T = TypeVar("T")


class Kept(Generic[T]):
    """What ``read`` gives, by key. ``what``: for the log."""

    def __init__(self, what: str, read: Callable[[], Mapping[str, T]]) -> None:
        self._what, self._read = what, read
        self._known: Mapping[str, T] = {}
        self._read_at: float | None = None

    def get(self, key: str) -> T | None:
        return self.all().get(key)

    def all(self) -> Mapping[str, T]:
        read_at = self._read_at
        if read_at is not None and time.monotonic() - read_at < KEPT_SECONDS:
            return self._known
        now = time.monotonic()
        try:
            self._known = self._read()
        except Error as error:
            log.warning(f"experiments.{self._what}_away", error=type(error).__name__)
        self._read_at = now
        return self._known

    def refresh(self, **_: Any) -> None:
        """Ask the database at the next question."""
        self._read_at = None

    def refresh_when_done(self, **_: Any) -> None:
        """For receivers: now, for whoever is inside the transaction, and when it is committed."""
        self.refresh()
        transaction.on_commit(self.refresh)

    def forget(self) -> None:
        """As after a restart."""
        self._known, self._read_at = {}, None
