"""An answer that was given to the same question is told again; of many who ask at once one works.

Kept is what was finished as answered or unsaid, under a key that holds the reader's entitlement,
for as long as what is known of its stocks is the same (queries/cache/).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from costs.models import UsageRecord
from llm.attempts import lend_connection
from queries.cache import corpus, flights, popular, store, valkey
from queries.cache.entries import Entry, replayed
from queries.cache.flights import Flight
from queries.cache.keys import entitlement, key_of
from queries.chain.opening import opened
from queries.chain.tracing import traced
from queries.values import Asked, Event, Finished, Handler, Kind, Spent, Voided

KEPT = (Kind.ANSWERED, Kind.UNSAID)


@traced
def cache(asked: Asked, handler: Handler) -> Iterator[Event]:
    """Replayed answers are marked ``is_cached`` and cost nothing."""
    popular.note(asked)
    yield from kept(asked, handler)


def kept(asked: Asked, handler: Handler) -> Iterator[Event]:
    """The same, and nobody counts that it was asked."""
    key = key_of(asked, entitlement(asked.user))
    told = False
    while True:
        if (entry := store.kept(key)) is not None:
            yield from _voided(told)
            yield from map(_as_cached, entry.events)
            return
        try:
            if (flight := flights.begin(key)) is not None:
                yield from _voided(told)
                yield from _first(asked, handler, key, flight)
                return
            lend_connection()
            for event in flights.follow(key):
                told = True
                yield _as_cached(event)
        except flights.Broken:
            continue
        except valkey.Away:
            yield from _voided(told)
            yield from _worked_out(asked, handler, key, None)
        return


def _first(asked: Asked, handler: Handler, key: str, flight: Flight) -> Iterator[Event]:
    """With the right to work it out; but it may have been worked out a moment before."""
    if (entry := store.kept(key)) is None:
        yield from _worked_out(asked, handler, key, flight)
        return
    flight.end(is_whole=False)  # who follows finds it kept
    yield from map(_as_cached, entry.events)


def _worked_out(asked: Asked, handler: Handler, key: str, flight: Flight | None) -> Iterator[Event]:
    said: list[Event] = []
    try:
        since = corpus.snapshot()
        with opened(handler, asked) as events:
            for event in events:
                said.append(event)
                if isinstance(event, Finished):
                    _keep(asked, key, said, since)
                if flight is not None:
                    flight.tell(event)
                    if isinstance(event, Finished):  # the reader may leave with it
                        flight.end(is_whole=True)
                yield event
    finally:
        if flight is not None and not (said and isinstance(said[-1], Finished)):
            flight.end(is_whole=False)


def _keep(asked: Asked, key: str, said: list[Event], since: str) -> None:
    finished = said[-1]
    if not isinstance(finished, Finished) or finished.answer.kind not in KEPT:
        return
    stocks = tuple(sorted({*map(str.upper, asked.stocks), *finished.answer.stocks}))
    now = corpus.version(stocks, since=since)
    if now.is_changed:  # nobody knows what of it the answer has seen
        return
    events = tuple(replayed([*said[:-1], replace(finished, spent=None)]))
    store.keep(key, Entry(events, stocks, now.text, time.time()), is_doubtful=_met_failure(asked))


def _met_failure(asked: Asked) -> bool:
    """Whether a model failed on the way: with it the answer might have been another."""
    failed = (UsageRecord.State.FAILED, UsageRecord.State.UNKNOWN)
    return UsageRecord.objects.filter(query=asked.id, state__in=failed).exists()


def _as_cached(event: Event) -> Event:
    if isinstance(event, Finished):
        return replace(event, spent=Spent(Decimal(0), total_ms=0, is_cached=True))
    return event


def _voided(told: bool) -> Iterator[Event]:
    if told:
        yield Voided("The answer that was under way broke off; it begins anew.")
