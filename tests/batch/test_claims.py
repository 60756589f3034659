from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from summaries.actions import Outcome, summarise
from summaries.batches import ClaimLost, cancel_run, claim, fail, release, start_run
from summaries.batches.claims import MOST_ATTEMPTS
from summaries.batches.runs import expire_claims, give_up_exhausted
from summaries.models import AuditEvent, BatchItem, BatchRun, Stock, Summary
from summaries.tasks import summarise_item

State = BatchItem.State


@pytest.fixture
def bare(db: None) -> BatchItem:
    stock = Stock.objects.create(ticker="BARE", cik=7, name="Bare Corp")
    run, _ = start_run(stocks=[stock], trigger=BatchRun.Trigger.COMMAND)
    return run.items.get()


def at_once(*work: Callable[[], object]) -> list[object]:
    """What each says, all started at the same moment."""
    said: list[object] = [None] * len(work)
    gate = threading.Barrier(len(work))

    def go(place: int) -> None:
        try:
            gate.wait()
            said[place] = work[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_claim_at_once_one_gets_it() -> None:
    stock = Stock.objects.create(ticker="BARE", cik=7, name="Bare Corp")
    run, _ = start_run(stocks=[stock], trigger=BatchRun.Trigger.COMMAND)
    item = run.items.get()
    for _ in range(5):
        won = at_once(*[lambda: claim(item.pk)] * 8)
        assert len([one for one in won if one is not None]) == 1
        BatchItem.objects.update(state=State.PENDING, attempts=0, claim_token=None)


@pytest.mark.django_db(transaction=True)
def test_two_that_take_over_an_expired_lease_publish_once(companies: list[Stock]) -> None:
    run, _ = start_run(stocks=companies[:1], trigger=BatchRun.Trigger.COMMAND)
    item = run.items.get()
    assert claim(item.pk)
    expire_claims(run)
    at_once(*[lambda: summarise_item.fn(item.pk)] * 2)
    item.refresh_from_db()
    assert (item.state, item.attempts) == (State.PUBLISHED, 2)
    assert Summary.objects.count() == 1


def test_claim_is_leased(bare: BatchItem, settings: object) -> None:
    settings.BATCH_LEASE_SECONDS = 40  # type: ignore[attr-defined]
    before = timezone.now()
    taken = claim(bare.pk)
    assert taken
    assert claim(bare.pk) is None
    bare.refresh_from_db()
    assert bare.lease_until
    assert timedelta(seconds=39) < bare.lease_until - before < timedelta(seconds=45)
    assert (bare.claim_token, bare.attempts) == (taken.lease.token, 1)


def test_late_worker_stores_nothing_after_its_item_was_taken_over(
    apple: Stock, item: BatchItem
) -> None:
    late = claim(item.pk)
    assert late
    expire_claims(item.run)
    other = claim(item.pk)
    assert other
    assert other.lease.token != late.lease.token
    with pytest.raises(ClaimLost):
        summarise(stock=late.stock, close=late.close)
    assert not Summary.objects.exists()
    assert not AuditEvent.objects.exists()
    outcome = summarise(stock=other.stock, close=other.close)
    item.refresh_from_db()
    assert (item.state, item.summary, item.claim_token) == (State.PUBLISHED, outcome.summary, None)
    assert item.seconds
    assert item.finished_at


def test_late_worker_closes_its_item_if_nobody_else_took_it(bare: BatchItem) -> None:
    late = claim(bare.pk)
    assert late
    expire_claims(bare.run)
    late.close(Outcome(State.NOT_ENOUGH, None, "Too few."))
    bare.refresh_from_db()
    assert bare.state == State.NOT_ENOUGH


def test_cancelled_run_takes_the_item_from_its_worker(apple: Stock, item: BatchItem) -> None:
    taken = claim(item.pk)
    assert taken
    cancel_run(run=item.run)
    with pytest.raises(ClaimLost):
        summarise(stock=taken.stock, close=taken.close)
    assert not Summary.objects.exists()
    assert claim(item.pk) is None


def test_stranger_s_token_neither_releases_nor_fails(bare: BatchItem) -> None:
    from dataclasses import replace

    taken = claim(bare.pk)
    assert taken
    stranger = replace(taken, lease=replace(taken.lease, token=uuid4()))
    for attempt in (release, fail):
        with pytest.raises(ClaimLost):
            attempt(stranger, "x")


def test_released_item_can_be_claimed_again_a_bounded_number_of_times(bare: BatchItem) -> None:
    for _ in range(MOST_ATTEMPTS):
        taken = claim(bare.pk)
        assert taken
        release(taken, "The database was away.")
    assert claim(bare.pk) is None
    assert give_up_exhausted(bare.run) == 1
    bare.refresh_from_db()
    assert (bare.state, bare.message.startswith("Given up after 5 attempts")) == ("failed", True)


def test_item_whose_worker_still_works_is_not_given_up(bare: BatchItem) -> None:
    BatchItem.objects.update(attempts=MOST_ATTEMPTS - 1)
    assert claim(bare.pk)
    assert give_up_exhausted(bare.run) == 0


def test_done_item_is_not_done_again(apple: Stock, item: BatchItem) -> None:
    summarise_item.fn(item.pk)
    before = BatchItem.objects.values().get()
    summarise_item.fn(item.pk)
    assert BatchItem.objects.values().get() == before
    assert before["state"] == State.PUBLISHED


def test_unknown_item_is_nothing(db: None) -> None:
    summarise_item.fn(12345)


def test_permanent_error_fails_the_item_and_says_what_to_do(
    apple: Stock, item: BatchItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**inputs: object) -> None:
        raise LookupError("no median of margin")

    monkeypatch.setattr("summaries.tasks.summarise", broken)
    summarise_item.fn(item.pk)
    item.refresh_from_db()
    assert item.state == State.FAILED
    assert item.message.startswith("LookupError: no median of margin. Look at")
    assert item.message.endswith("run_batch --tickers AAPL.")


def test_passing_error_gives_the_item_back(
    apple: Stock, item: BatchItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**inputs: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("summaries.tasks.summarise", broken)
    summarise_item.fn(item.pk)
    item.refresh_from_db()
    assert (item.state, item.claim_token, item.attempts) == (State.PENDING, None, 1)
    assert "the connection is lost" in item.message
