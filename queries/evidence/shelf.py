"""Fact books that were read lately, for the next question about the same stock.

A book is taken from the shelf only while nothing of its stock has changed (``queries.cache.corpus``);
a question as of another day reads its own. Facts are under no licence, so that a book is everybody's.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from queries.cache import corpus
from summaries import books
from summaries.factbook import FactBook
from summaries.models import Fact, Stock

# Some 1.5 MB each with what the verifier works out of it.
MOST_BOOKS = 32
KEPT_SECONDS = 600.0


@dataclass(frozen=True)
class _Kept:
    version: str
    day: date  # a filing dated ahead counts from its day
    read_at: float
    book: FactBook

    def is_of(self, version: str, day: date) -> bool:
        is_fresh = time.monotonic() - self.read_at < KEPT_SECONDS
        return is_fresh and (self.version, self.day) == (version, day)


class Shelf:
    """One a process, for all of its threads."""

    def __init__(self, most: int = MOST_BOOKS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    def book(self, stock: Stock, as_of: datetime | None) -> FactBook:
        """The stock's facts as known at a moment (None: now)."""
        if as_of is not None:
            return books.fact_book(stock, at=as_of)
        # Before the book: what changes meanwhile makes the next question read again.
        version, now = corpus.version([stock.ticker]).text, timezone.now()
        day = timezone.localdate(now)
        with self._lock:
            kept = self._kept.get(stock.pk)
            if kept is not None and kept.is_of(version, day):
                self._kept.move_to_end(stock.pk)
                return kept.book
        book = books.fact_book(stock, at=now)
        # Another machine's clock may be ahead: its facts would be missing until something changes.
        if not Fact.objects.filter(stock=stock, known_at__gt=now).exists():
            self._keep(stock.pk, _Kept(version, day, time.monotonic(), book))
        return book

    def _keep(self, stock: int, kept: _Kept) -> None:
        with self._lock:
            self._kept[stock] = kept
            self._kept.move_to_end(stock)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


shelf = Shelf()
