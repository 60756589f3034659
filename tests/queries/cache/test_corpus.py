"""A stock's version differs after whatever is known of it has changed, and after nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from queries.cache import corpus
from summaries.models import Document, Fact, Stock
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme() -> Stock:
    stock = factories.make_stock("ACME")
    factories.make_fact(factories.make_filing(stock))
    factories.make_stock("OTHR", cik=1751)
    return stock


def _publish(stock: Stock) -> None:
    factories.make_summary(stock)


def _restate(stock: Stock) -> None:
    Fact.objects.filter(stock=stock).update(value=Decimal(5))


def _forget(stock: Stock) -> None:
    Fact.objects.filter(stock=stock).delete()


def _document(stock: Stock) -> None:
    factories.make_document(stock.filings.get())


def _price(stock: Stock) -> None:
    stock.prices.create(on=date(2025, 1, 6), currency="USD", close=1, known_at=timezone.now())


def _sector(stock: Stock) -> None:
    factories.make_text_document("Figures of all.")


@pytest.mark.parametrize("change", [_publish, _restate, _forget, _document, _price, _sector])
def test_a_change_is_seen(acme: Stock, change: Callable[[Stock], None]) -> None:
    before, other, since = corpus.version(["ACME"]), corpus.version(["OTHR"]), corpus.snapshot()
    assert corpus.version(["ACME"], since=since) == before
    change(acme)
    after = corpus.version(["ACME"], since=since)
    assert after.text != before.text
    assert after.is_changed
    # What names no stock speaks of all.
    assert (corpus.version(["OTHR"]) != other) is (change is _sector)
    assert corpus.version([], since=since).is_changed


def test_a_transaction_that_commits_after_a_later_one_is_seen(acme: Stock) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def later() -> None:
        try:
            _publish(acme)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as thread:
        _restate(acme)
        thread.submit(later).result()
        between = thread.submit(_version_of_acme).result()
    after = corpus.version(["ACME"], since=between[1])
    assert after.text != between[0]
    assert after.is_changed


def _version_of_acme() -> tuple[str, str]:
    try:
        return corpus.version(["ACME"]).text, corpus.snapshot()
    finally:
        connection.close()


def test_a_document_that_becomes_public_by_the_clock_is_seen(acme: Stock) -> None:
    _document(acme)
    soon = timezone.now() + timedelta(hours=1)
    Document.objects.update(public_at=soon)
    before = corpus.version(["ACME"]).text
    with connection.cursor() as cursor:  # as the world is in an hour: no trigger is told
        cursor.execute("SET session_replication_role = replica")
        Document.objects.update(public_at=timezone.now())
        cursor.execute("SET session_replication_role = DEFAULT")
    assert corpus.version(["ACME"]).text != before


def test_old_changes_are_forgotten(acme: Stock) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE queries_corpus_change SET at = now() - interval '3 days'")
    _publish(acme)
    assert corpus.forget_old_changes() > 0
    assert corpus.version(["ACME"]).text.startswith("1.")
    assert corpus.forget_old_changes() == 0
