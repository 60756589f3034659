"""Many workers at once, each a thread with a connection and transactions of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """The results of ``work(0) … work(number - 1)``, begun together."""
    start = threading.Barrier(number)

    def one(which: int) -> T:
        try:
            start.wait(30)
            return work(which)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))
