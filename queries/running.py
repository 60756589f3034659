"""Answering a query that is ours: drive its handler, tell each event, keep what came of it.

Nothing outside is waited for in a transaction. Killed anywhere, the query is begun again by
another when its lease is over: the handler starts anew, and the models' answers, kept under the
query's id, are not paid for again. Without Valkey it is answered all the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from llm.attempts import lend_connection
from queries.answerer import handler_for
from queries.asked import asked_of
from queries.claims import Claimed, ClaimLost, claim
from queries.ending import FAILED, STOPPED, Told, end, note_step
from queries.eventlog.log import EventLog
from queries.keeping import Watch, kept
from queries.models import Query
from queries.values import Event, Finished, Refused, Step, Voided
from summaries import books

log = structlog.get_logger(__name__)

PASSING = (OperationalError, InterfaceError)
# For so long an answer is stored again and again while the database is away.
STORE_SECONDS = 30.0
AGAIN_SECONDS = 0.25


@dataclass
class Drive:
    """One attempt at a query. ``closing``: this process ends, and gives back what it has."""

    claimed: Claimed
    watch: Watch
    closing: threading.Event
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self.log = EventLog(str(self.claimed.query.pk))

    def through(self) -> None:
        """Raises ClaimLost where another has taken it over, OperationalError, InterfaceError."""
        query = self.claimed.query
        if query.attempts > 1:
            self.log.append(Voided("It was begun again."))
        asked = asked_of(query)
        events = handler_for(query.user)(asked)
        ending: Event | None = None
        try:
            ending = self._ending(events)
        finally:
            close(events)
        if ending is None:
            self.claimed.release()
            return
        _stored(self.claimed, self.told, ending)
        self.log.append(self.told.as_stored or ending)

    def _ending(self, events: Iterator[Event]) -> Event | None:
        """The last event, or why there is none; None where this process is closing."""
        ending: Event = FAILED
        for event in events:
            if self.watch.lost.is_set():
                raise ClaimLost(f"Query {self.watch.query} is no longer ours.")
            if self._is_stopping:
                return STOPPED
            if self.closing.is_set():
                return None
            if isinstance(event, Finished | Refused):
                ending = event  # read on: what stands around the handler may have to tidy up
            else:
                self._tell(event)
        return STOPPED if ending is FAILED and self._is_stopping else ending

    @property
    def _is_stopping(self) -> bool:
        return self.watch.stopping.is_set() or self.log.is_stopping

    def _tell(self, event: Event) -> None:
        self.told.take(event)
        self.log.append(event)
        if isinstance(event, Step) and event.is_done:
            note_step(self.claimed, self.told, event)
            lend_connection()


def run(query_id: UUID, *, closing: threading.Event | None = None) -> bool:
    """Answer the query; False where it has ended or is somebody else's. Never raises for what
    the answering raised: that is the query's end, in words."""
    return _answered(claim(query_id), closing or threading.Event())


def run_taken(query: Query) -> None:
    """The same for a row that was taken as it was written. If it is closed afterwards, it is as
    stored; else the database knows more of it."""
    assert query.claim_token is not None  # noqa: S101
    _answered(Claimed(query, query.claim_token), threading.Event())


def _answered(claimed: Claimed | None, closing: threading.Event) -> bool:
    if claimed is None:
        return False
    query_id = claimed.query.pk
    with kept(str(query_id), claimed.token) as watch:
        drive = Drive(claimed, watch, closing)
        try:
            with books.one_listing():
                drive.through()
        except ClaimLost:
            log.info("queries.claim_lost", query=str(query_id))
        except PASSING as error:
            log.warning("queries.passing_error", query=str(query_id), error=type(error).__name__)
            _give_back(claimed)
        except Exception as error:
            _broke(drive, error)
    return True


def _give_back(claimed: Claimed) -> None:
    """To be begun again, a bounded number of times, as soon as the database is back; where it
    stays away the lease runs out."""
    if connection.in_atomic_block:
        return
    connection.close()
    with suppress(ClaimLost, *PASSING):
        _insisting(claimed.release)


def log_failed(query: str, error: Exception) -> None:
    """What it says may quote the question, so only its kind and place are told."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else ""
    log.error("queries.failed", query=query, error=type(error).__name__, place=place)


def _broke(drive: Drive, error: Exception) -> None:
    log_failed(drive.watch.query, error)
    try:
        _stored(drive.claimed, drive.told, FAILED)
    except (ClaimLost, *PASSING) as lost:
        log.warning("queries.not_stored", query=drive.watch.query, error=type(lost).__name__)
    else:
        drive.log.append(FAILED)


def close(events: Iterator[Event]) -> None:
    close = getattr(events, "close", None)
    if close is not None:
        close()


def _stored(claimed: Claimed, told: Told, ending: Event) -> None:
    """Again and again for a while: what was answered may have been paid for."""
    _insisting(lambda: end(claimed, told, ending))


def _insisting(act: Callable[[], None]) -> None:
    """Act while the database is away and comes back; raises what it raised last."""
    until = time.monotonic() + STORE_SECONDS
    while True:
        try:
            return act()
        except PASSING:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(AGAIN_SECONDS)
