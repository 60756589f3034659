"""A function's results kept in the process for a while."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from queries.cache.local import Local, Statistics

P = ParamSpec("P")
R = TypeVar("R")


class Cached(Generic[P, R]):
    """A function whose results are kept; of several threads that ask for one at once, one works."""

    def __init__(self, function: Callable[P, R], seconds: float, local: Local) -> None:
        self._function, self._seconds, self._local = function, seconds, local
        self._locks = tuple(threading.Lock() for _ in range(32))
        wraps(function)(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        key = self._key(args, kwargs)
        if (kept := self._local.get(key)) is not None:
            return self._read(kept)
        with self._locks[hash(key) % len(self._locks)]:
            if (kept := self._local.get(key)) is not None:
                return self._read(kept)
            kept = _written(self._function(*args, **kwargs))
            self._local.put(key, kept, self._seconds)
            return self._read(kept)

    def forget(self) -> None:
        """All of it."""
        self._local.clear()

    def statistics(self) -> Statistics:
        return self._local.statistics()

    def _key(self, args: Any, kwargs: Any) -> str:
        return _written([args, sorted(kwargs.items())]).decode()

    @staticmethod
    def _read(kept: bytes) -> R:
        result: R = json.loads(kept)
        return result


def cached(
    *, seconds: float, most_bytes: int = 1_000_000
) -> Callable[[Callable[P, R]], Cached[P, R]]:
    """Keep what the function gives for so long. Arguments and results are what JSON holds (a tuple
    comes back as a list); anything else raises TypeError."""

    def decorated(function: Callable[P, R]) -> Cached[P, R]:
        return Cached(function, seconds, Local(most_bytes))

    return decorated


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
