"""At half price: every question waits for its Message Batch, and the same function is run again."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from costs import price_list
from costs.models import Budget, Price, UsageRecord
from llm import outbox
from llm.errors import Waiting
from llm.outbox import Pauses
from summaries.actions import reverify, summarise
from summaries.batches import start_run
from summaries.batches.waiting import go_on
from summaries.models import BatchItem, BatchRun, Stock, Summary
from summaries.tasks import summarise_item
from tests.authoring.conftest import load
from tests.vendors import ModelSite
from tests.vendors.summariser import Summariser

AT_ONCE = Pauses(shortest=0.0, longest=0.0)


def batches_end() -> None:
    outbox.submit_due()
    outbox.poll_due(pauses=AT_ONCE)


def rounds(stock: Stock, *, most: int = 9) -> int:
    """How often the models were waited for until the summary stood."""
    for number in range(most):
        try:
            summarise(stock=stock, ask=outbox.ask, run="3")
        except Waiting:
            batches_end()
        else:
            return number
    raise AssertionError(f"still waiting after {most} rounds")


def test_claims_are_one_round_and_all_three_texts_the_next(
    site: ModelSite, apple: Stock, model: Summariser
) -> None:
    assert rounds(apple) == 2
    summary = Summary.objects.get()
    assert (summary.state, summary.writer) == ("published", "claude-sonnet-5-5")
    assert reverify(summary) == []
    assert sorted(model.asked) == ["claims", "expanded", "hook", "medium"]
    rows = UsageRecord.objects.all()
    assert [row.is_batch for row in rows] == [True] * 4
    assert sum(row.cost_usd for row in rows) == site.invoice.total() > 0


def test_rewriting_takes_a_round_each(site: ModelSite, apple: Stock, model: Summariser) -> None:
    model.too_short = 1.0
    assert rounds(apple) == 3
    assert Summary.objects.get().state == "published"


def test_half_price_is_half_of_the_live_price(site: ModelSite, model: Summariser, db: None) -> None:
    """Nothing cached in either."""
    for stock in load("AAPL", "V"):
        if stock.ticker == "AAPL":
            rounds(stock)
        else:
            summarise(stock=stock)
    batch = UsageRecord.objects.filter(stock="AAPL", task="expanded").get()
    live = UsageRecord.objects.filter(stock="V", task="expanded").get()
    for row, factor in ((batch, 2), (live, 1)):
        price = row.price
        assert row.cost_usd * factor * 1_000_000 == (
            row.input_tokens * price.input_usd + row.output_tokens * price.output_usd
        )


# -- items of a run -------------------------------------------------------------------


def item_of(stock: Stock) -> BatchItem:
    run, _ = start_run(stocks=[stock], trigger=BatchRun.Trigger.COMMAND)
    return run.items.get()


def test_an_item_knows_what_its_questions_cost(site: ModelSite, apple: Stock) -> None:
    item = item_of(apple)
    summarise_item(item.pk)
    item.refresh_from_db()
    assert item.state == "published"
    assert item.cost_usd == round(site.invoice.total(), 6) > 0
    assert set(UsageRecord.objects.values_list("run", flat=True)) == {str(item.run_id)}


def test_an_item_over_budget_fails_and_says_when_there_is_money_again(
    site: ModelSite, apple: Stock
) -> None:
    Budget.objects.update_or_create(scope="batch", every="month", defaults={"amount_usd": 0})
    item = item_of(apple)
    summarise_item(item.pk)
    item.refresh_from_db()
    assert item.state == "failed"
    assert "The budget batch" in item.message
    assert "starts anew at" in item.message
    assert not Summary.objects.exists()


def test_an_item_is_held_anew_before_each_question(site: ModelSite, apple: Stock) -> None:
    """A question may take longer than a lease: another worker would take the item over."""
    item = item_of(apple)
    with CaptureQueriesContext(connection) as told:
        summarise_item(item.pk)
    renewals = [
        query["sql"]
        for query in told.captured_queries
        if query["sql"].startswith('UPDATE "summaries_batchitem" SET "lease_until" = \'')
    ]
    assert len(renewals) == 4
    item.refresh_from_db()
    assert (item.state, item.attempts, item.lease_until) == ("published", 1, None)


def test_an_item_of_a_run_at_half_price_is_put_aside_and_gone_on_with(
    site: ModelSite, apple: Stock
) -> None:
    run, _ = start_run(stocks=[apple], trigger=BatchRun.Trigger.COMMAND, at_half_price=True)
    states = []
    for _ in range(3):
        item = run.items.get()
        summarise_item(item.pk)
        item.refresh_from_db()
        states.append(str(item.state))
        batches_end()
        go_on(run)
    assert states == ["waiting", "waiting", "published"]
    item.refresh_from_db()
    assert item.cost_usd == round(site.invoice.total(), 6) > 0


def test_an_item_that_fails_after_it_was_paid_for_knows_its_cost(
    site: ModelSite, apple: Stock
) -> None:
    Price.objects.filter(model="claude-haiku-5-5").delete()
    price_list.forget()
    item = item_of(apple)
    summarise_item(item.pk)
    item.refresh_from_db()
    assert item.state == "failed"
    assert "claude-haiku-5-5 has no price in force" in item.message
    assert item.cost_usd == round(site.invoice.total(), 6) > 0
