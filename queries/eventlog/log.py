"""A stream in Valkey for each query: its entries' ids are what a reader resumes by.

The log may be lost, the answer may not: whoever writes goes on without Valkey, and says all of
it again, after a Voided, when Valkey is back. Whoever reads and finds no log goes to the database.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import redis
import structlog

from llm import shared
from queries import attendance
from queries.bursts import Burst
from queries.eventlog.codec import Unreadable, dumped, loaded
from queries.values import Event, Finished, Refused, Step, Voided

log = structlog.get_logger(__name__)

KEPT_SECONDS = 3_600  # after the last event
MOST_EVENTS = 20_000
AGAIN_SECONDS = 1.0  # between attempts while Valkey is away
START = "0-0"
_FIELD = "e"


@dataclass(frozen=True)
class Entry:
    """``id``: of the stream, as SSE sends it."""

    id: str
    event: Event


def events_key(query: str) -> str:
    return shared.key("queries", f"{query}:events")


def stop_key(query: str) -> str:
    return shared.key("queries", f"{query}:stop")


@dataclass
class EventLog:
    """What one attempt at a query tells. ``is_stopping``: somebody asked for an end."""

    query: str
    is_stopping: bool = False
    _told: list[str] = field(default_factory=list)
    _is_behind: bool = False
    _not_before: float = 0.0

    def __post_init__(self) -> None:
        self._burst = Burst(self._append)

    def append(self, event: Event) -> None:
        """Never raises: without Valkey the event waits for it to come back. What comes in a burst
        is written together."""
        self._burst.add(event, now=is_end(event) or isinstance(event, Step))

    def _append(self, events: list[Event]) -> None:
        entries = [dumped(one) for one in events]
        self._told += entries
        is_over = is_end(events[-1])
        if self._is_behind and time.monotonic() < self._not_before and not is_over:
            return
        if self._is_behind:
            entries = [dumped(Voided("The connection was lost; told again.")), *self._told]
        try:
            self._send(entries, is_over=is_over)
        except redis.RedisError as error:
            if not self._is_behind:
                log.warning("queries.log_away", query=self.query, error=type(error).__name__)
            self._is_behind = True
            self._not_before = time.monotonic() + AGAIN_SECONDS
        else:
            self._is_behind = False

    def _send(self, entries: list[str], *, is_over: bool) -> None:
        key = events_key(self.query)
        with shared.client().pipeline(transaction=True) as pipeline:
            for entry in entries:
                pipeline.xadd(key, {_FIELD: entry}, maxlen=MOST_EVENTS, approximate=True)
            pipeline.expire(key, KEPT_SECONDS)
            if is_over:
                attendance.tell_ended(pipeline, self.query)
            pipeline.exists(stop_key(self.query))
            self.is_stopping = bool(pipeline.execute()[-1])


def is_end(event: Event) -> bool:
    return isinstance(event, Finished | Refused)


def entries_of(rows: Any) -> list[Entry]:
    """Of what XRANGE or XREAD gives for one stream; what can't be read is left out."""
    found = []
    for identity, fields in rows:
        try:
            found.append(Entry(identity, loaded(fields[_FIELD])))
        except (Unreadable, KeyError):
            log.warning("queries.unreadable_event", at=identity)
    return found


def read(query: str, *, after: str = START) -> list[Entry]:
    """All that the log has after an id. Raises redis.RedisError."""
    return entries_of(shared.client().xrange(events_key(query), min=f"({after}"))


def at(query: str, identity: str) -> Entry | None:
    """The entry with that id. Raises redis.RedisError."""
    found = entries_of(shared.client().xrange(events_key(query), min=identity, max=identity))
    return found[0] if found else None


def ask_to_stop(query: str) -> bool:
    """Raise the flag that is looked at with each event; False while Valkey is away."""
    try:
        shared.client().set(stop_key(query), "1", ex=KEPT_SECONDS)
    except redis.RedisError:
        return False
    return True


def forget(query: str) -> None:
    """The flag, and what was told before the query was begun again. Raises redis.RedisError."""
    shared.client().delete(stop_key(query), events_key(query), attendance.ended_key(query))


def stopping(queries: list[str]) -> set[str]:
    """Those whose flag is raised. Raises redis.RedisError."""
    if not queries:
        return set()
    flags = shared.client().mget([stop_key(one) for one in queries])
    return {one for one, flag in zip(queries, flags, strict=True) if flag}
