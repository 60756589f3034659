"""One thread a process that keeps what is being answered ours, and hears who wants it stopped.

A model may think for longer than a lease lasts, and between two events nobody looks at a flag.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from queries import claims, stopping
from queries.eventlog import log as eventlog
from queries.models import Query

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
IDLE_SECONDS = 30.0


@dataclass
class Watch:
    """``stopping``: somebody asked for an end. ``lost``: another has taken the query over.
    ``renewed``: on the monotonic clock; who takes a query has it for a whole lease."""

    query: str
    token: UUID
    renewed: float = field(default_factory=time.monotonic)
    stopping: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)


class _Keeper:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: dict[UUID, Watch] = {}
        self._thread: threading.Thread | None = None
        self._looked = 0.0

    def add(self, watch: Watch) -> None:
        with self._lock:
            self._watched[watch.token] = watch
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._thread.start()

    def remove(self, watch: Watch) -> None:
        with self._lock:
            self._watched.pop(watch.token, None)

    def _keep(self) -> None:
        idle_since = time.monotonic()
        while True:
            with self._lock:
                watched = list(self._watched.values())
                if not watched and time.monotonic() - idle_since > IDLE_SECONDS:
                    self._thread = None
                    return
            if watched:
                idle_since = time.monotonic()
                self._look(watched)
            time.sleep(LOOK_SECONDS)

    def _look(self, watched: list[Watch]) -> None:
        try:
            self._hear(watched)
            due = time.monotonic() - settings.QUERY_LEASE_SECONDS / 3
            if old := [one for one in watched if one.renewed < due]:
                self._renew(old)
        except DatabaseError as error:  # the lease may run out; then another begins anew
            log.warning("queries.lease_not_renewed", error=type(error).__name__)
        finally:
            connection.close()

    def _hear(self, watched: list[Watch]) -> None:
        flagged = self._flagged(watched)
        for one in watched:
            if one.query in flagged and not one.stopping.is_set():
                one.stopping.set()
                stopping.stop(one.query)

    def _flagged(self, watched: list[Watch]) -> set[str]:
        names = [one.query for one in watched]
        try:
            return eventlog.stopping(names)
        except redis.RedisError:
            if time.monotonic() - self._looked < 1.0:
                return set()
            self._looked = time.monotonic()
            rows = Query.objects.filter(pk__in=names, stop_asked_at__isnull=False)
            return {str(one) for one in rows.values_list("pk", flat=True)}

    def _renew(self, watched: list[Watch]) -> None:
        now = time.monotonic()
        for one in watched:
            one.renewed = now  # also where it fails: the next is tried as long after
        held = claims.renew([one.token for one in watched])
        for one in watched:
            if one.token not in held:
                one.lost.set()
                stopping.stop(one.query)


_keeper = _Keeper()


@contextmanager
def kept(query: str, token: UUID) -> Iterator[Watch]:
    watch = Watch(query, token)
    _keeper.add(watch)
    try:
        yield watch
    finally:
        _keeper.remove(watch)
