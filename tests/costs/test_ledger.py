from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from costs import ledger, price_list
from costs.errors import OverBudget, Unpriced
from costs.ledger import AlreadyEnded
from costs.models import Budget, CostAdjustment, Price, Reservation, Team, UsageRecord
from costs.tokens import Tokens
from tests.costs.entries import HAIKU, counters, entry, lost, opened, settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices", "default_budgets")]
USED = Tokens(input=900, cache_write=50, cache_read=40, output=100, thinking=20)
# 900 x 2 + 50 x 2.50 + 40 x 0.10 + 100 x 10, a millionth each
USED_USD = Decimal("0.002929")
State = UsageRecord.State
ZERO = Decimal(0)


def firm() -> Budget:
    return Budget.objects.get(scope="firm")


def spent() -> Decimal:
    return counters(firm())[1]


def test_open_call_writes_all_it_knows_before_anything_is_sent(
    django_user_model: type[User],
) -> None:
    user = django_user_model.objects.create_user("ann")
    team = Team.objects.create(name="Boston")
    record = ledger.open_call(
        entry(
            task="summary", stock="AAPL", summary=7, query="q1", run="12", user=user.pk,
            team=team.pk, variant="tone:b", prompt="write", prompt_version="abc", attempt=2,
        )
    )  # fmt: skip
    record.refresh_from_db()
    assert record.state == State.SENDING
    assert (record.task, record.stock, record.summary, record.query) == ("summary", "AAPL", 7, "q1")
    assert (record.run, record.user, record.team, record.variant) == ("12", user, team, "tone:b")
    assert (record.prompt, record.prompt_version, record.attempt) == ("write", "abc", 2)
    assert record.ended_at is None
    assert record.cost_usd == 0
    # 1,000 tokens at the dearest class, an hour's write, and 500 of output
    assert record.reserved_usd == Decimal("0.009")
    assert counters(firm()) == (Decimal("0.009"), ZERO)


def test_an_unpriced_model_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(Unpriced, match="claude-sonnet-9 has no price in force"):
        ledger.open_call(entry(model="claude-sonnet-9"))
    assert not UsageRecord.objects.exists()
    assert counters(firm()) == (ZERO, ZERO)


def test_a_call_beyond_the_budget_is_refused_and_nothing_is_written() -> None:
    Budget.objects.filter(scope="batch").update(amount_usd="0.01")
    ledger.open_call(entry())
    with pytest.raises(OverBudget, match="batch"):
        ledger.open_call(entry())
    assert UsageRecord.objects.count() == 1
    assert counters(firm()) == (Decimal("0.009"), ZERO)


@pytest.mark.django_db(transaction=True)
def test_a_call_is_never_opened_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        ledger.open_call(entry())


def test_many_calls_are_opened_together_or_not_at_all() -> None:
    records = ledger.open_calls([entry(is_batch=True) for _ in range(1500)])
    assert UsageRecord.objects.open().count() == 1500
    assert [record.pk for record in records] == sorted(record.pk for record in records)
    assert counters(firm()) == (Decimal("0.0045") * 1500, ZERO)
    with pytest.raises(Unpriced):
        ledger.open_calls([entry(), entry(model="nobody's")])
    with pytest.raises(OverBudget):
        ledger.open_calls([entry(most_output_tokens=1_000_000)] * 1000)
    assert UsageRecord.objects.count() == 1500
    assert counters(firm()) == (Decimal("0.0045") * 1500, ZERO)


def test_settle_books_what_the_provider_bills() -> None:
    record = opened()
    ended = ledger.settle(
        record.pk, USED, request_id="req_1", response_id="msg_1", batch="b1", first_token_ms=3,
        latency_ms=9, was_stopped=True,
    )  # fmt: skip
    ended.refresh_from_db()
    assert ended.state == State.SETTLED
    assert ended.tokens == USED
    assert ended.cost_usd == USED_USD
    assert (ended.request_id, ended.response_id, ended.batch) == ("req_1", "msg_1", "b1")
    assert (ended.first_token_ms, ended.latency_ms, ended.was_stopped) == (3, 9, True)
    assert ended.ended_at is not None
    assert not ended.is_estimate
    assert counters(firm()) == (ZERO, USED_USD)
    assert not Reservation.objects.filter(is_open=True).exists()


def test_settling_again_with_the_same_changes_nothing_and_with_other_tokens_is_refused() -> None:
    record = settled(USED)
    again = ledger.settle(record.pk, USED, latency_ms=99)
    assert again.latency_ms is None
    with pytest.raises(AlreadyEnded, match="is settled and can't become settled with other"):
        ledger.settle(record.pk, Tokens(input=1, output=1))
    assert spent() == USED_USD
    assert not CostAdjustment.objects.exists()


def test_fail_costs_nothing_and_gives_back_what_was_reserved() -> None:
    record = ledger.fail(opened().pk, "rate_limited", request_id="req_2", latency_ms=4)
    record.refresh_from_db()
    assert (record.state, record.error) == (State.FAILED, "rate_limited")
    assert record.cost_usd == 0
    assert counters(firm()) == (ZERO, ZERO)
    assert ledger.fail(record.pk, "another").error == "rate_limited"


def test_a_lost_call_counts_as_spent_until_it_is_known() -> None:
    record = lost(tokens=Tokens(input=1000, output=200))
    assert (record.state, record.is_estimate, record.error) == (State.UNKNOWN, True, "timed_out")
    assert counters(firm()) == (ZERO, Decimal("0.004"))
    ledger.settle(record.pk, USED)
    assert counters(firm()) == (ZERO, USED_USD)
    adjustment = CostAdjustment.objects.get()
    assert (adjustment.from_usd, adjustment.to_usd) == (Decimal("0.004"), USED_USD)


def test_a_better_count_of_a_lost_call_takes_the_place_of_the_first() -> None:
    record = lost()
    ledger.lose(record.pk, "broken", tokens=Tokens(input=1000, output=300))
    record.refresh_from_db()
    assert (record.tokens.output, spent()) == (300, Decimal("0.005"))


def begun(state: str) -> UsageRecord:
    match state:
        case "sending":
            return opened()
        case "settled":
            return settled(USED)
        case "assumed billed":
            return ledger.assume_billed(lost().pk, reason="by hand")
        case "failed":
            return ledger.fail(opened().pk, "overloaded")
        case "assumed free":
            return ledger.write_off(lost().pk, error="assumed_not_billed", reason="by hand")
        case _:
            return lost()


STEPS: dict[str, Callable[[int], UsageRecord]] = {
    "settle": lambda pk: ledger.settle(pk, Tokens(input=700, output=70)),
    "fail": lambda pk: ledger.fail(pk, "server"),
    "lose": lambda pk: ledger.lose(pk, "broken", tokens=Tokens(input=800)),
    "bill": lambda pk: ledger.bill(pk, Tokens(input=600, output=60), reason="invoice"),
    "write_off": lambda pk: ledger.write_off(pk, error="not_billed", reason="invoice"),
    "assume_billed": lambda pk: ledger.assume_billed(pk, reason="by hand"),
}
REFUSED = "refused"
# From each state, in the order of STEPS: the state after it, or that it is refused.
TABLE = {
    "sending": ("settled", "failed", "unknown", "settled", REFUSED, REFUSED),
    "unknown": ("settled", "failed", "unknown", "settled", "failed", "settled"),
    "settled": (REFUSED, REFUSED, "settled", REFUSED, REFUSED, REFUSED),
    "assumed billed": ("settled", REFUSED, "settled", "settled", REFUSED, REFUSED),
    "failed": (REFUSED, "failed", "failed", REFUSED, REFUSED, REFUSED),
    "assumed free": ("settled", "failed", "failed", "settled", REFUSED, REFUSED),
}


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [(s, n, a) for s, row in TABLE.items() for n, a in zip(STEPS, row, strict=True)],
)
def test_transitions(state: str, step: str, after: str) -> None:
    record = begun(state)
    before = (record.state, record.cost_usd)
    if after == REFUSED:
        with pytest.raises(AlreadyEnded):
            STEPS[step](record.pk)
    else:
        STEPS[step](record.pk)
    record.refresh_from_db()
    assert record.state == (before[0] if after == REFUSED else after)
    assert counters(firm())[1] == record.cost_usd
    if after == REFUSED:
        assert record.cost_usd == before[1]
    if record.state != State.SENDING:
        assert counters(firm())[0] == 0


@pytest.mark.parametrize(
    "said",
    [
        None,
        Tokens(),
        Tokens(input=10**9),
        Tokens(input=2**40, output=5),
        Tokens(input=1000, output=10**8),
    ],
)
def test_usage_that_cant_be_true_is_replaced_by_our_count_until_the_invoice(
    said: Tokens | None,
) -> None:
    record = ledger.settle(opened().pk, said, request_id="req_3")
    assert (record.state, record.is_estimate, record.error) == ("settled", True, "wrong_usage")
    assert record.tokens.input == 1000
    assert record.tokens.output <= 500
    assert ledger.settle(record.pk, said).cost_usd == record.cost_usd
    billed = ledger.bill(record.pk, USED, reason="export")
    assert (billed.is_estimate, billed.error, billed.cost_usd) == (False, "", USED_USD)
    assert spent() == USED_USD


def test_a_call_that_costs_nothing_may_count_nothing() -> None:
    record = opened(provider="extractive", model="extractive")
    assert not ledger.settle(record.pk, Tokens()).is_estimate


def test_what_a_provider_calls_its_requests_fits_its_column() -> None:
    record = ledger.settle(opened().pk, USED, request_id="r\x00" + "x" * 200, error="e" * 90)
    record.refresh_from_db()
    assert (record.request_id, record.error) == ("r" + "x" * 79, "e" * 40)


def test_the_band_is_that_of_the_prompts_real_length() -> None:
    """Expected 90,000, was one token beyond the band: five times the price, for the whole."""
    below = settled(Tokens(input=100_000), model=HAIKU, estimated_tokens=90_000)
    above = settled(Tokens(input=100_001), model=HAIKU, estimated_tokens=90_000)
    assert (below.cost_usd, above.cost_usd) == (Decimal("0.01"), Decimal("0.0500005"))
    assert (below.price.above_tokens, above.price.above_tokens) == (0, 100_000)


def test_the_price_is_that_of_the_moment_it_was_sent() -> None:
    changes = datetime(2026, 10, 7, tzinfo=UTC)
    reads = Tokens(cache_read=1_000_000)
    before, after = (
        settled(reads, moment, estimated_tokens=1_000_000)
        for moment in (changes - timedelta(microseconds=1), changes)
    )
    assert (before.cost_usd, after.cost_usd) == (Decimal("0.2"), Decimal("0.1"))


def test_a_list_that_is_gone_leaves_the_price_that_the_call_was_opened_at() -> None:
    record = opened()
    Price.objects.filter(pk=record.price_id).update(effective_from=timezone.now() + timedelta(9))
    Price.objects.filter(model=record.model).exclude(pk=record.price_id).delete()
    price_list.forget()
    assert ledger.settle(record.pk, USED).cost_usd == USED_USD


def test_sweep_takes_what_no_worker_can_still_hold() -> None:
    old = timezone.now() - timedelta(minutes=31)
    dead, batch, young = opened(old), opened(old, is_batch=True), opened()
    assert ledger.sweep(timedelta(minutes=30)) == 1
    for record in (dead, batch, young):
        record.refresh_from_db()
    assert (dead.state, batch.state, young.state) == ("unknown", "sending", "sending")
    assert (dead.tokens, dead.error) == (Tokens(input=1000), "worker_died")
    assert spent() == Decimal("0.002")
    assert ledger.sweep(timedelta(minutes=30)) == 0
    assert ledger.settle(dead.pk, USED).cost_usd == USED_USD  # it lived after all


def test_settle_is_a_part_of_its_callers_transaction() -> None:
    record = opened()

    @transaction.atomic
    def keep_answer() -> None:
        ledger.settle(record.pk, USED)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        keep_answer()
    record.refresh_from_db()
    assert record.state == State.SENDING
    assert counters(firm()) == (Decimal("0.009"), ZERO)


def queries(step: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        step()
    return [
        one["sql"] for one in caught
        if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]  # fmt: skip


def test_few_queries_a_call() -> None:
    ledger.settle(opened().pk, USED)  # periods and prices are there
    made: list[UsageRecord] = []
    assert len(queries(lambda: made.append(ledger.open_call(entry())))) <= 5
    assert len(queries(lambda: ledger.settle(made[0].pk, USED))) <= 6


def test_the_queries_of_a_batch_do_not_grow_with_it() -> None:
    ledger.open_calls([entry()])
    few = len(queries(lambda: ledger.open_calls([entry()] * 2)))
    assert len(queries(lambda: ledger.open_calls([entry()] * 200))) == few


@pytest.mark.django_db(transaction=True)
def test_of_many_that_settle_at_once_one_does() -> None:
    record = opened()
    outcomes: list[str] = []
    ready = threading.Barrier(8)

    def end(number: int) -> None:
        ready.wait()
        try:
            ledger.settle(record.pk, Tokens(input=1000, output=number))
            outcomes.append("settled")
        except AlreadyEnded:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["settled"]
    record.refresh_from_db()
    assert counters(firm()) == (ZERO, record.cost_usd)


@pytest.mark.django_db(transaction=True)
def test_many_that_settle_the_same_count_it_once() -> None:
    record = opened()
    ready = threading.Barrier(8)

    def end() -> None:
        ready.wait()
        try:
            ledger.settle(record.pk, USED)
        finally:
            connection.close()

    threads = [threading.Thread(target=end) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters(firm()) == (ZERO, USED_USD)
