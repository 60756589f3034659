"""One item of an ingest while it is ours: kept by renewing, counted as it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from summaries.batches.leases import ClaimLost, Lease
from summaries.filings import UnreadableFiling
from summaries.models import SourceItem
from summaries.sources.errors import Blocked, SourceError

log = structlog.get_logger(__name__)

# Longer than one document takes to fetch and read.
LEASE_SECONDS = 120.0
# A thing that failed for now is tried again after 1, 4, 16… minutes, at most a day.
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(days=1)

State = SourceItem.State
_HELD = (State.STORED, State.WITHDRAWN)


@dataclass
class Work:
    """``stored``: new or changed; ``failed``: things that we still lack."""

    lease: Lease
    stored: int = 0
    unchanged: int = 0
    failed: int = 0

    def keep(self) -> None:
        """Say that we are alive; call it before each step. Raises ClaimLost."""
        self.lease.renew(LEASE_SECONDS, **self.counts)

    @property
    def counts(self) -> dict[str, int]:
        return {"stored": self.stored, "unchanged": self.unchanged, "failed": self.failed}

    def mark_stored(
        self, item: SourceItem, *, is_new: bool, lacking: str = "", **values: Any
    ) -> None:
        """``lacking``: what of it can't be had for good, in words."""
        _mark(
            item,
            state=State.STORED,
            error=lacking[:400],
            is_permanent=bool(lacking),
            attempts=0,
            try_after=None,
            **values,
        )
        if is_new:
            self.stored += 1
        else:
            self.unchanged += 1
        self.failed += bool(lacking)

    @contextmanager
    def noting(self, *items: SourceItem) -> Iterator[None]:
        """What goes wrong with a thing, or with some asked for together, is noted with it.

        Not so what concerns all: the source's wish to be left alone, our database, our lease.
        """
        try:
            yield
        except (Blocked, OperationalError, InterfaceError, ClaimLost):
            raise
        except Exception as error:
            if not isinstance(error, SourceError | UnreadableFiling):
                log.exception("ingest.failed", source=items[0].source, key=items[0].key)
            for item in items:
                self.mark_failed(item, error)

    def mark_failed(self, item: SourceItem, error: Exception) -> None:
        """What we held of it stays held; only the failure is noted."""
        permanent = getattr(error, "permanent", True)
        attempts = item.attempts + 1
        rest = min(FIRST_REST * 4 ** min(attempts - 1, 8), LONGEST_REST)
        _mark(
            item,
            state=item.state if item.state in _HELD else State.FAILED,
            error=_words(error),
            is_permanent=permanent,
            attempts=attempts,
            try_after=None if permanent else timezone.now() + rest,
            confirmed=permanent and item.state not in _HELD,
        )
        self.failed += 1


def _mark(item: SourceItem, *, confirmed: bool = True, **values: Any) -> None:
    if confirmed:
        values["checked_at"] = timezone.now()
    SourceItem.objects.filter(pk=item.pk).update(**values)
    for name, value in values.items():
        setattr(item, name, value)


def _words(error: Exception) -> str:
    told = " ".join(str(error).split())
    return (told or type(error).__name__)[:400]


def rest_after(error: SourceError, attempts: int) -> timedelta:
    """How long to leave a source alone that couldn't even say what it has."""
    if isinstance(error, Blocked) or error.retry_after:
        return timedelta(seconds=error.retry_after or 600)
    return timedelta(seconds=min(2.0 ** (attempts + 1), 60.0))
