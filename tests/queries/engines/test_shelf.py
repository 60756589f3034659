"""A fact book that was read is used again, and never after its stock has changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from queries.evidence.shelf import Shelf
from summaries.models import Fact
from tests.factories import make_published_summary, make_stock

# The triggers tell of what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_book_until_its_stock_changes() -> None:
    stock, shelf = make_published_summary().stock, Shelf()
    first = shelf.book(stock, None)
    assert shelf.book(stock, None) is first
    fact = Fact.objects.get()
    Fact.objects.update(value=Decimal(7))
    second = shelf.book(stock, None)
    assert [one.value for one in second.facts()] == [Decimal(7)]
    assert [one.value for one in first.facts()] == [fact.value]
    Fact.objects.all().delete()
    assert list(shelf.book(stock, None).facts()) == []


def test_of_another_day_it_is_read_anew() -> None:
    stock, shelf = make_published_summary().stock, Shelf()
    now = shelf.book(stock, None)
    long_ago = timezone.now() - timedelta(days=3_000)
    assert list(now.facts())
    assert list(shelf.book(stock, long_ago).facts()) == []
    assert shelf.book(stock, None) is now


def test_facts_that_another_clock_dates_ahead_are_seen_when_they_count() -> None:
    stock, shelf = make_published_summary().stock, Shelf()
    Fact.objects.update(known_at=timezone.now() + timedelta(seconds=0.3))
    assert list(shelf.book(stock, None).facts()) == []
    until = timezone.now() + timedelta(seconds=10)
    while not list(shelf.book(stock, None).facts()):
        assert timezone.now() < until


def test_only_so_many_are_kept_and_the_oldest_go() -> None:
    shelf = Shelf(most=2)
    stocks = [make_stock(ticker) for ticker in ("ONE", "TWO", "THREE")]
    one, two = (shelf.book(stock, None) for stock in stocks[:2])
    assert shelf.book(stocks[0], None) is one
    shelf.book(stocks[2], None)
    assert shelf.book(stocks[0], None) is one
    assert shelf.book(stocks[1], None) is not two
