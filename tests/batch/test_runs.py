from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from summaries.batches import NoStocks, cancel_run, claim, start_run
from summaries.batches.choosing import UnknownTickers, chosen, words
from summaries.batches.runs import finish_if_done
from summaries.models import AuditEvent, BatchItem, BatchRun, Stock
from tests.batch.test_claims import at_once

Trigger = BatchRun.Trigger


def stocks(*tickers: str) -> list[Stock]:
    return Stock.objects.bulk_create(
        Stock(ticker=ticker, cik=place, name=f"{ticker} Corp")
        for place, ticker in enumerate(tickers, start=1)
    )


def close_all(run: BatchRun) -> None:
    run.items.update(state="unchanged", finished_at=timezone.now())
    assert finish_if_done(run)


@pytest.mark.django_db
def test_unfinished_run_over_the_same_stocks_is_gone_on_with() -> None:
    one, two, three = stocks("AAA", "BBB", "CCC")
    first, new = start_run(stocks=[one, two], trigger=Trigger.COMMAND)
    again, renewed = start_run(stocks=[two, one], trigger=Trigger.API)
    other, _ = start_run(stocks=[two, three], trigger=Trigger.COMMAND)
    assert (new, renewed, again.pk, other.pk != first.pk) == (True, False, first.pk, True)
    assert list(first.items.values_list("stock__ticker", "state")) == [
        ("AAA", "pending"),
        ("BBB", "pending"),
    ]


@pytest.mark.django_db
def test_finished_run_is_not_gone_on_with() -> None:
    some = stocks("AAA")
    first, _ = start_run(stocks=some, trigger=Trigger.COMMAND)
    close_all(first)
    second, new = start_run(stocks=some, trigger=Trigger.COMMAND)
    assert (new, second.pk != first.pk) == (True, True)


@pytest.mark.django_db
def test_run_is_finished_only_when_nothing_is_open() -> None:
    run, _ = start_run(stocks=stocks("AAA", "BBB"), trigger=Trigger.COMMAND)
    for state in ("unchanged", "held"):
        assert not finish_if_done(run)
        item = run.items.filter(state="pending").first()
        assert item
        run.items.filter(pk=item.pk).update(state=state)
    assert finish_if_done(run)
    run.refresh_from_db()
    assert (run.state, run.finished_at is not None) == ("finished", True)


@pytest.mark.django_db
def test_slot_has_one_run_whether_finished_or_not() -> None:
    some, slot = stocks("AAA"), timezone.now()
    first, new = start_run(stocks=some, trigger=Trigger.WEEKLY, slot=slot)
    close_all(first)
    again, renewed = start_run(stocks=some, trigger=Trigger.WEEKLY, slot=slot)
    assert (new, renewed, again) == (True, False, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchRun.objects.create(trigger=Trigger.WEEKLY, slot=slot, scope="other")


@pytest.mark.django_db
def test_items_are_made_in_bulk(django_assert_max_num_queries: object) -> None:
    some = stocks(*(f"T{n}" for n in range(1500)))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        run, _ = start_run(stocks=some, trigger=Trigger.COMMAND)
    assert run.items.count() == 1500


@pytest.mark.django_db
def test_no_stocks_says_what_to_do() -> None:
    with pytest.raises(NoStocks, match=r"Run manage\.py load_bundle"):
        start_run(stocks=Stock.objects.covered(), trigger=Trigger.COMMAND)
    assert not BatchRun.objects.exists()


@pytest.mark.django_db
def test_cancelling_closes_what_is_open_and_keeps_what_is_done() -> None:
    run, _ = start_run(stocks=stocks("AAA", "BBB", "CCC"), trigger=Trigger.COMMAND)
    done, claimed, _ = run.items.all()
    run.items.filter(pk=done.pk).update(state="unchanged")
    claim(claimed.pk)
    cancel_run(run=run)
    cancel_run(run=run)
    run.refresh_from_db()
    assert (run.state, run.finished_at is not None) == ("cancelled", True)
    assert list(run.items.values_list("state", "claim_token")) == [
        ("unchanged", None),
        ("cancelled", None),
        ("cancelled", None),
    ]
    assert AuditEvent.objects.get().action == "cancel"


@pytest.mark.django_db(transaction=True)
def test_of_six_that_start_the_same_run_at_once_all_get_one() -> None:
    some = stocks("AAA", "BBB")
    said = at_once(*[lambda: start_run(stocks=some, trigger=Trigger.COMMAND)] * 6)
    assert [one is None for one in said] == [False] * 6
    assert BatchRun.objects.count() == 1
    assert BatchItem.objects.count() == 2


@pytest.mark.django_db
def test_unknown_ticker_is_told_with_near_ones() -> None:
    stocks("AAPL", "MSFT", "GOOGL")
    assert list(chosen(["MSFT", "AAPL"]).values_list("ticker", flat=True)) == ["AAPL", "MSFT"]
    with pytest.raises(UnknownTickers) as told:
        chosen(["MSFT", "APL", "QQQQ"])
    assert str(told.value) == (
        "No stock has the ticker APL. Did you mean AAPL? No stock has the ticker QQQQ."
    )


def test_listed_words_are_tickers_once() -> None:
    assert words(" aapl, MSFT ,,AAPL") == ["AAPL", "MSFT"]
    assert words(" , ") == []
