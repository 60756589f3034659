"""Where questions are answered: a bounded pool of threads in the process that serves the streams.

A pool and not Dramatiq's workers, because a question can't wait: an idle Dramatiq worker looks
for messages up to a second late, and shares its few threads with batches that take minutes. An
answer is mostly waiting for a model, so threads are many and cost little. The pool takes a
question only when it has a seat for it; what waits, waits in Valkey, where any process may take
it, and in its table, which is looked through every few seconds: for what was handed over while
Valkey was away, and for what a killed process left.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import redis
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from dramatiq.errors import BrokerError

from llm import shared
from queries import attendance
from queries.actions.asking import waiting_key
from queries.actions.purging import purge_expired
from queries.chain.warming import warm_answers
from queries.claims import give_up_exhausted
from queries.models import Query
from queries.running import run

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
TAKE_SECONDS = 1  # less than the client's time-out
AWAY_SECONDS = 0.5
PURGE_SECONDS = 3_600.0
WARM_SECONDS = 300.0
STOP_SECONDS = 10.0


class Desk:
    """Answers what waits until it is stopped. One a process."""

    def __init__(self, seats: int | None = None) -> None:
        self._count = seats or settings.QUERY_SEATS
        self._seats = threading.BoundedSemaphore(self._count)
        self._closing = threading.Event()
        self._found: deque[UUID] = deque()
        self._looked = self._purged = self._warmed = float("-inf")
        self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="answer")
        self._taker = threading.Thread(target=self._take, name="desk", daemon=True)

    def start(self) -> None:
        self._taker.start()

    @property
    def is_closing(self) -> bool:
        return self._closing.is_set()

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """Take nothing more, and give back what is under way; whether all of it was in time."""
        self._closing.set()
        with suppress(redis.RedisError):
            attendance.leave()
        self._taker.join(seconds)
        until = time.monotonic() + seconds
        freed = [
            self._seats.acquire(timeout=max(until - time.monotonic(), 0.01))
            for _ in range(self._count)
        ]
        self._pool.shutdown(wait=False, cancel_futures=True)
        return all(freed)

    def _take(self) -> None:
        while not self._closing.is_set():
            if not self._seats.acquire(timeout=AWAY_SECONDS):
                continue
            query = self._next()
            if query is None or self._closing.is_set():
                self._seats.release()
            else:
                self._pool.submit(self._answer, query)

    def _answer(self, query: UUID) -> None:
        try:
            run(query, closing=self._closing)
        except Exception as error:  # a seat must outlive whatever happens at it
            log.error("queries.desk", query=str(query), error=type(error).__name__)
        finally:
            connection.close()
            self._seats.release()

    def _next(self) -> UUID | None:
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            self._look()
        if self._found:
            return self._found.popleft()
        try:
            taken = shared.client().blpop([waiting_key()], timeout=TAKE_SECONDS)
        except redis.RedisError:
            self._closing.wait(AWAY_SECONDS)
            return None
        return _as_id(taken[1]) if taken else None

    def _look(self) -> None:
        """What nobody was told of, or nobody is at any more."""
        with suppress(redis.RedisError):
            attendance.attend()
        try:
            give_up_exhausted()
            early = timezone.now() - timedelta(seconds=LOOK_SECONDS / 2)
            due = Query.objects.claimable().filter(asked_at__lt=early).order_by("asked_at")
            self._found = deque(due.values_list("pk", flat=True)[: self._count])
            if time.monotonic() - self._purged > PURGE_SECONDS:
                self._purged = time.monotonic()
                purge_expired()
            if time.monotonic() - self._warmed > WARM_SECONDS:
                self._warmed = time.monotonic()
                warm_answers.send()
        except (DatabaseError, BrokerError) as error:
            log.warning("queries.desk_goes_without", error=type(error).__name__)
        finally:
            connection.close()


def _as_id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None
