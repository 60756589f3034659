"""A query's events from the log as they come; from the database where the log is gone.

A reader who goes away takes nothing with it: the query is answered elsewhere, and is there to be
read. Nobody waits here with a database connection.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import redis
import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from queries.eventlog.log import START, Entry, entries_of, events_key, is_end
from queries.eventlog.retelling import retold
from queries.models import Query
from queries.streaming.frames import HEARTBEAT, OPENING, frame
from queries.values import Event, Voided

HEARTBEAT_SECONDS = 15.0
# How often the table is looked at while the log is silent: for a query that ended without it.
LOOK_SECONDS = 5.0
AWAY_SECONDS = 1.0


async def follow(
    query: UUID, after: str = "", ending: Callable[[], Awaitable[None]] | None = None
) -> AsyncGenerator[bytes, None]:
    """Frames after the entry ``after``, "" from the start, until the query's end. ``ending`` is
    called before the end is told."""
    yield OPENING
    client = _client()
    try:
        async for sent, is_last in _Reader(client, query, after or START).frames():
            if is_last and ending is not None:
                await ending()
            yield sent
    finally:
        await client.aclose()


class _Reader:
    def __init__(self, client: Any, query: UUID, after: str) -> None:
        self._client, self._query, self._after = client, query, after
        self._has_told = after != START
        self._wait_ms = 1  # the first look is at what is there already
        self._looked = float("-inf")
        self._beat = time.monotonic()

    async def frames(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Each with whether it is the last."""
        while True:
            entries = await self._next()
            for entry in entries:
                self._after, self._has_told = entry.id, True
                self._beat = time.monotonic()
                yield frame(entry.id, entry.event), is_end(entry.event)
                if is_end(entry.event):
                    return
            if not entries and (ended := await self._ended()) is not None:
                for event in self._from_table(ended):
                    # The ids stay what the reader knows: they are of the log that is gone.
                    yield frame(self._after, event), is_end(event)
                return
            if time.monotonic() - self._beat > HEARTBEAT_SECONDS:
                self._beat = time.monotonic()
                yield HEARTBEAT, False

    async def _next(self) -> list[Entry]:
        """What comes within a while; nothing where the log is silent or away."""
        wait, self._wait_ms = self._wait_ms, int(LOOK_SECONDS * 1000)
        try:
            told = await self._client.xread({events_key(str(self._query)): self._after}, block=wait)
        except redis.RedisError:
            self._looked = float("-inf")  # then the table is all there is
            await asyncio.sleep(AWAY_SECONDS)
            return []
        return entries_of(told[0][1]) if told else []

    async def _ended(self) -> Query | None:
        """The query where it has ended and the log doesn't say so."""
        if time.monotonic() - self._looked < LOOK_SECONDS / 2:
            return None
        self._looked = time.monotonic()
        row = await _row(self._query)
        if row is None or row.is_open:
            return None
        # It may have ended between the two looks.
        return None if await self._log_goes_on() else row

    async def _log_goes_on(self) -> bool:
        key = events_key(str(self._query))
        try:
            return bool(await self._client.xrange(key, min=f"({self._after}", count=1))
        except redis.RedisError:
            return False

    def _from_table(self, query: Query) -> list[Event]:
        again = [Voided("The connection was lost; told again.")] if self._has_told else []
        return [*again, *retold(query)]


def _client() -> Any:
    """One connection a reader, waiting in the server; its time-out is longer than a wait."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=LOOK_SECONDS + 5,
        socket_connect_timeout=2,
    )


@sync_to_async
def _row(query: UUID) -> Query | None:
    try:
        return Query.objects.filter(pk=query).first()
    except DatabaseError:
        return None
    finally:
        if not connection.in_atomic_block:
            connection.close()
