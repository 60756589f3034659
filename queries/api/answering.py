"""An answer in the request's own thread: worked out there, or waited for. As many as may: pages
need theirs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import redis

from llm.attempts import lend_connection
from queries import attendance, quick
from queries.models import Query
from queries.running import run, run_taken
from queries.understanding import route, understand
from queries.values import Depth

# Of the 48 threads of a web process; who finds none free gets 202 and may poll, which costs more
# than a seat: a thread that waits for a model holds no connection.
MOST_WAITING = 36
SEATS = threading.BoundedSemaphore(MOST_WAITING)
WAIT_SECONDS = 60.0
# What a desk was told of and hasn't begun by then may be begun here.
UNTAKEN_SECONDS = 2.0
LOOK_SECONDS = 1  # less than Valkey's client waits
AWAY_SECONDS = 0.1  # between looks while Valkey is away


@contextmanager
def seat(*, is_wanted: bool) -> Iterator[bool]:
    """Whether there is room to answer in this thread."""
    has_seat = is_wanted and SEATS.acquire(blocking=False)
    try:
        yield has_seat
    finally:
        if has_seat:
            SEATS.release()


def is_quick_one(question: str, stocks: Sequence[str], depth: Depth | None) -> bool:
    """Whether it is to be answered in this thread: the others take long, and would hold up pages
    in this process where a desk is free. As it will be routed, but for what was said before."""
    if depth is None:
        depth = route(understand(question, quick.register(), chosen=stocks), question)
    return depth is Depth.QUICK


def answered_new(query: Query) -> Query:
    """The query at its end, which was written as taken. In a seat."""
    run_taken(query)
    return Query.objects.get(pk=query.pk) if query.is_open else query


def awaited(query: Query) -> Query:
    """The query at its end, or still open where there wasn't enough time. In a seat. What nobody
    takes, or who took it has lost, is answered here."""
    began = time.monotonic()
    while query.is_open and (waited := time.monotonic() - began) < WAIT_SECONDS:
        if waited < UNTAKEN_SECONDS or not run(query.pk):
            lend_connection()
            _wait(query.pk)
        query = Query.objects.select_related("conversation").get(pk=query.pk)
    return query


def _wait(query: UUID) -> None:
    """Until it has ended, or for a while."""
    try:
        attendance.is_ended_within(query, LOOK_SECONDS)
    except redis.RedisError:
        time.sleep(AWAY_SECONDS)
