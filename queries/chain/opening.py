"""A handler's events, closed with the block: what stops the reader stops the work at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from queries.values import Asked, Event, Handler


@contextmanager
def opened(handler: Handler, asked: Asked) -> Iterator[Iterator[Event]]:
    events = handler(asked)
    try:
        yield events
    finally:
        close = getattr(events, "close", None)  # an iterator that is no generator has none
        if close is not None:
            close()
