"""What is held of one stock, as one reader could know it at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from queries.evidence.shelf import shelf
from queries.understanding.listings import Listing, Register
from queries.understanding.measures import DERIVED
from queries.understanding.words import Said
from summaries import books
from summaries.company import Company
from summaries.factbook import FactBook
from summaries.measures import CATALOGUE, Difference, Item, Ratio, Sum
from summaries.models import Stock
from summaries.periods import Period
from summaries.verification import Sources, verify
from summaries.writing.view import View

# A company's years are those of which one of these is reported.
_CALENDAR = ("revenue", "net_income")

Reader = User | AnonymousUser


@lru_cache(maxsize=1)
def _register(listed: books.Listed) -> Register:
    return Register(Listing(*row) for row in listed.rows)


def register() -> Register:
    """The companies that can be named; read again when a ticker or a name changes."""
    return _register(books.listed())


def warm() -> None:
    """Reads the names that every answer needs, so that the first reader doesn't wait for it."""
    register().named(Said("a"), ())
    nobody = Company.named("Nobody", "NOBODY")
    verify("Revenue was $1.", Sources(nobody, FactBook(()), None, books.other_names()))


@dataclass
class Held:
    """``as_of``: nothing that was known later; None is now."""

    stock: Stock
    reader: Reader
    as_of: datetime | None

    @cached_property
    def at(self) -> datetime:
        return self.as_of or timezone.now()

    @cached_property
    def company(self) -> Company:
        return books.company(self.stock)

    @cached_property
    def book(self) -> FactBook:
        return shelf.book(self.stock, self.as_of)

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.company, self.book, None, books.other_names())

    def view(self, period: Period) -> View:
        before = self.book.year_before(period)
        return View(self.company, self.book, self.stock.profile, period, before)

    @property
    def name(self) -> str:
        return self.company.short

    @property
    def owner(self) -> str:
        """ "Apple's", "Texas Instruments'" """
        return f"{self.name}'" if self.name.endswith("s") else f"{self.name}'s"


def items_of(measures: Iterable[str]) -> frozenset[str]:
    """The line items that measures are made of, with those that tell the fiscal years."""
    return frozenset({*_CALENDAR, *(item for key in measures for item in _parts(key))})


def _parts(key: str) -> set[str]:
    if key in DERIVED:
        return set().union(*(_parts(part) for part in DERIVED[key]))
    match CATALOGUE[key]:
        case Item():
            return {key}
        case Ratio(numerator=first, denominator=second):
            return _parts(first) | _parts(second)
        case Difference(minuend=first, subtrahend=second):
            return _parts(first) | _parts(second)
        case Sum(parts=parts):
            return set().union(*(_parts(part) for part in parts))
    raise KeyError(key)
