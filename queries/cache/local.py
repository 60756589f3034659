"""A bounded cache in the process: the least recently used goes first, by bytes. Thread-safe.

What is kept is bytes, so that its size is known and nobody can change what another will read.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# What a key and its places in the tables take beside its value, roughly.
OVERHEAD = 300


@dataclass(frozen=True)
class Statistics:
    """Since the process began; ``bytes`` with the keys and what they cost to keep."""

    hits: int
    misses: int
    evicted: int
    expired: int
    entries: int
    bytes: int

    @property
    def share(self) -> float | None:
        """Hits of all, 0 to 1; None where nothing was asked."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


@dataclass
class _Kept:
    value: bytes
    until: float
    hits: int = 0


class Local:
    """``most_bytes``: of all entries together. ``clock``: in seconds, never going back."""

    def __init__(self, most_bytes: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        if most_bytes < OVERHEAD:
            raise ValueError(f"A cache of {most_bytes} bytes holds nothing: give it {OVERHEAD}.")
        self._most, self._clock = most_bytes, clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = self._hits = self._misses = self._evicted = self._expired = 0

    def get(self, key: str) -> bytes | None:
        return self.get_many((key,)).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """What is kept of these, all as of one moment."""
        found: dict[str, bytes] = {}
        with self._lock:
            now = self._clock()
            for key in dict.fromkeys(keys):
                if (kept := self._living(key, now)) is None:
                    self._misses += 1
                    continue
                kept.hits += 1
                self._hits += 1
                self._kept.move_to_end(key)
                found[key] = kept.value
        return found

    def put(self, key: str, value: bytes, seconds: float) -> bool:
        """False where it is too large to be kept, or its time is over already."""
        size = _size(key, value)
        with self._lock:
            hits = old.hits if (old := self._kept.get(key)) else 0
            self._drop(key)
            if size > self._most or seconds <= 0:
                return False
            self._kept[key] = _Kept(value, self._clock() + seconds, hits)
            self._bytes += size
            self._make_room()
            return True

    def forget(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def top(self, count: int) -> list[tuple[str, int]]:
        """The living keys with the most hits, and how many; of equals the one read last."""
        with self._lock:
            now = self._clock()
            living = [(key, one.hits) for key, one in self._kept.items() if one.until > now]
        living.reverse()
        return sorted(living, key=lambda one: -one[1])[:count]

    def statistics(self) -> Statistics:
        with self._lock:
            return Statistics(
                self._hits, self._misses, self._evicted, self._expired, len(self._kept), self._bytes
            )

    def _living(self, key: str, now: float) -> _Kept | None:
        kept = self._kept.get(key)
        if kept is None or kept.until > now:
            return kept
        self._drop(key)
        self._expired += 1
        return None

    def _make_room(self) -> None:
        while self._bytes > self._most:
            self._drop(next(iter(self._kept)))
            self._evicted += 1

    def _drop(self, key: str) -> None:
        if (kept := self._kept.pop(key, None)) is not None:
            self._bytes -= _size(key, kept.value)


def _size(key: str, value: bytes) -> int:
    return len(key.encode()) + len(value) + OVERHEAD
