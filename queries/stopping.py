"""Ending from outside what waits in silence: an engine says how its provider is stopped.

Between two events whoever drives an answer closes its iterator. While a provider is thinking
there is no event; then the stop that was registered here is called, from another thread.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Stop = Callable[[], None]

_lock = threading.Lock()
_stops: dict[str, list[Stop]] = defaultdict(list)


@contextmanager
def stoppable(query: str, stop: Stop) -> Iterator[None]:
    """While the block runs, ``stop`` may be called, from any thread and more than once."""
    with _lock:
        _stops[query].append(stop)
    try:
        yield
    finally:
        with _lock, suppress(ValueError):
            _stops[query].remove(stop)
            if not _stops[query]:
                del _stops[query]


def stop(query: str) -> None:
    """Call what is registered for the query in this process; nothing where nothing is."""
    with _lock:
        found = list(_stops.get(query, ()))
    for one in found:
        one()
