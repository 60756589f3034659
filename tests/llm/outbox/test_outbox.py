"""A batch from the question to the answer, and what becomes of entries that have none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from waffle.models import Switch

from costs import price_list
from costs.budgets.stopping import SWITCH
from costs.models import Budget, Price, UsageRecord
from costs.pricing import worst
from costs.tokens import Tokens
from llm import outbox
from llm.errors import CallFailed, Kind, NoModel, Waiting
from llm.keeping import key_of
from llm.models import BatchEntry, KeptReply, MessageBatch
from llm.outbox.progress import lines
from llm.outbox.settling import _own
from llm.values import Answer, Part, Stop, Turn
from tests.llm.outbox.asks import (
    MANUAL,
    RUN,
    Hook,
    assert_settled,
    created,
    put,
    question,
    questions,
    replies,
    see_through,
    spent,
)
from tests.vendors import Fault, ModelSite

State = BatchEntry.State


def test_batch_of_300_is_answered_at_half_price(site: ModelSite, provider: str) -> None:
    stable = Turn("user", (Part(MANUAL, is_stable=True), Part("What of it?")))
    asks = put(
        question(n, turns=(Turn("user", (*stable.parts, Part(f"Stock {n}."))),))
        for n in range(1, 301)
    )
    assert outbox.open_entries(RUN) == 300
    assert outbox.open_keys([key_of(asks[0]), "unheard-of"]) == {key_of(asks[0])}

    see_through()

    assert created(site) == 1
    assert MessageBatch.objects.get().state == MessageBatch.State.SETTLED
    told = replies(asks)
    assert all(reply.is_replay and reply.text and reply.provider == provider for reply in told)
    assert sum(reply.cost_usd for reply in told) == spent()
    assert outbox.open_entries(RUN) == 0
    assert not outbox.is_open(key_of(asks[0]))
    assert_settled(site)
    rows = UsageRecord.objects.all()
    assert rows.filter(is_batch=True, state="settled", run=RUN, agent="writer").count() == 300
    assert set(rows.values_list("batch", flat=True)) == {MessageBatch.objects.get().provider_id}
    (line,) = lines(5)
    assert (line.entries, line.answered, line.failed, line.waiting) == (300, 300, 0, 0)
    assert line.saved_usd == line.cost_usd == spent() > 0
    # What was asked isn't kept longer than it is needed.
    assert not BatchEntry.objects.exclude(request={}).exists()


def test_stable_part_is_held_for_an_hour(site: ModelSite) -> None:
    part = Part(MANUAL, is_stable=True)
    put(question(n, turns=(Turn("user", (part, Part(f"Stock {n}."))),)) for n in range(1, 11))
    see_through()
    rows = UsageRecord.objects.filter(state="settled")
    assert rows.filter(cache_write_1h_tokens__gt=0).count() == 1
    assert rows.filter(cache_read_tokens__gt=4096).count() == 9
    assert not rows.filter(cache_write_tokens__gt=0).exists()
    assert_settled(site)


def test_same_question_waits_once(site: ModelSite) -> None:
    keys = set()
    for _ in range(3):
        with pytest.raises(Waiting) as waiting:
            outbox.ask(question())
        keys.add(waiting.value.key)
    assert keys == {key_of(question())}
    assert BatchEntry.objects.count() == 1


def test_question_needs_a_replay_key(site: ModelSite) -> None:
    with pytest.raises(ValueError, match=r"Ask\.replay"):
        outbox.ask(question(replay=""))


def test_schema_must_be_importable(site: ModelSite) -> None:
    class Local(Hook):
        pass

    with pytest.raises(ValueError, match="top of a module"):
        outbox.ask(question(schema=Local))
    assert not BatchEntry.objects.exists()


def test_few_entries_wait_for_more(site: ModelSite) -> None:
    put(questions(2))
    assert outbox.submit_due(least=3) == 0
    put([question(3)])
    assert outbox.submit_due(least=3) == 1


def test_only_the_runs_entries_are_collected(site: ModelSite) -> None:
    put([question(1), question(2, run="other")])
    outbox.submit_due(run=RUN)
    states = dict(BatchEntry.objects.values_list("run", "state"))
    assert states == {RUN: State.IN_BATCH, "other": State.WAITING}


def test_nothing_is_submitted_inside_a_transaction(site: ModelSite) -> None:
    with transaction.atomic():
        for act in (outbox.submit_due, outbox.poll_due):
            with pytest.raises(RuntimeError, match="transaction"):
                act()


def test_personal_data_is_masked_at_rest_and_comes_back(site: ModelSite) -> None:
    site.change(author=lambda seen: f"You asked: {seen.texts[-1]}")
    private = Turn("user", (Part("Mail jane@example.com about it.", is_private=True),))
    ask = put([question(turns=(private,))])[0]
    assert "jane" not in str(BatchEntry.objects.get().request)
    see_through()
    assert "jane" not in KeptReply.objects.get().text
    assert outbox.ask(ask).text == "You asked: Mail jane@example.com about it."


# Entries without an answer


@pytest.mark.parametrize("result", ["errored", "expired"])
def test_entry_without_an_answer_is_tried_again_alone(
    site: ModelSite, provider: str, result: str
) -> None:
    site.script.add(Fault("entry", result=result, marker="S7 ", times=1))
    asks = put(questions(20))
    see_through()
    assert created(site) == 2
    sizes = [batch.entries.count() for batch in MessageBatch.objects.order_by("pk")]
    assert sizes == [20, 1]
    assert all(reply.text for reply in replies(asks))
    assert outbox.ask(asks[6]).attempts == 2
    assert_settled(site)
    assert UsageRecord.objects.filter(stock="S7").count() == 2
    assert UsageRecord.objects.get(stock="S7", attempt=1).state == "failed"


def test_entry_that_expires_each_time_fails_after_three(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("entry", result="expired", marker="S2 "))
    asks = put(questions(3))
    see_through()
    assert created(site) == 3
    with pytest.raises(CallFailed) as failed:
        outbox.ask(asks[1])
    assert failed.value.kind == Kind.TIMED_OUT
    assert not BatchEntry.objects.filter(state=State.WAITING).exists()
    assert_settled(site)
    # The next run asks anew.
    with pytest.raises(Waiting):
        outbox.ask(question(2, run="weekly-8"))


def test_refused_entry_is_billed_and_falls_back(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("refusal", endpoint="entry", marker="S1 "))
    put(questions(2))
    see_through()
    with pytest.raises(CallFailed) as failed:
        outbox.ask(question(1))
    assert failed.value.kind == Kind.REFUSED
    reply = outbox.ask(question(1, extractive=lambda: "Facts alone."))
    assert (reply.text, reply.provider, reply.cost_usd) == (
        "Facts alone.",
        "extractive",
        Decimal(0),
    )
    assert UsageRecord.objects.get(pk=reply.record).provider == "extractive"
    assert_settled(site)


def test_bad_request_fails_at_once(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("entry", result="errored", status=400, marker="S1 "))
    put(questions(2))
    see_through()
    assert created(site) == 1
    with pytest.raises(CallFailed) as failed:
        outbox.ask(question(1))
    assert failed.value.kind == Kind.BAD_REQUEST
    assert_settled(site)


# Structured results


def test_structured_results_come_checked(site: ModelSite, provider: str) -> None:
    asks = put(questions(5, schema=Hook))
    see_through()
    assert all(isinstance(reply.data, Hook) for reply in replies(asks))
    assert created(site) == 1


def test_bad_result_is_repaired_once(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("broken_schema", endpoint="entry", marker="S3 ", times=1))
    asks = put(questions(4, schema=Hook))
    see_through()
    assert created(site) == 2
    reply = outbox.ask(asks[2])
    assert isinstance(reply.data, Hook)
    assert reply.attempts == 2
    both = UsageRecord.objects.filter(stock="S3").order_by("attempt")
    assert [row.error for row in both] == [Kind.BAD_RESULT, ""]
    assert reply.cost_usd == sum(row.cost_usd for row in both)
    assert_settled(site)


def test_second_bad_result_is_the_end(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("broken_schema", endpoint="entry", marker="S3 "))
    asks = put(questions(4, schema=Hook))
    see_through()
    assert created(site) == 2
    with pytest.raises(CallFailed) as failed:
        outbox.ask(asks[2])
    assert failed.value.kind == Kind.BAD_RESULT
    assert failed.value.is_billed
    assert_settled(site)


def test_cut_result_is_not_repaired(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("truncated", endpoint="entry", marker="S1 "))
    put(questions(1, schema=Hook))
    see_through()
    assert created(site) == 1
    with pytest.raises(CallFailed) as failed:
        outbox.ask(question(1, schema=Hook))
    assert failed.value.kind == Kind.CUT
    assert_settled(site)


def test_wrong_usage_is_our_own_count(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("usage", usage="missing", endpoint="entry", marker="S2 "))
    asks = put(questions(2))
    see_through()
    assert all(reply.text for reply in replies(asks))
    row = UsageRecord.objects.get(stock="S2")
    assert (row.state, row.is_estimate) == ("settled", True)
    assert row.cost_usd > 0


# Money


def test_budget_refuses_the_rest_and_nothing_is_lost(site: ModelSite) -> None:
    asks = put(questions(40, max_output_tokens=4000))
    amount = Decimal("0.01")
    Budget.objects.all().delete()
    Budget.objects.create(scope="batch", amount_usd=amount, every="month")
    room = int(amount / _reserved(BatchEntry.objects.all()[0]))
    assert 1 < room < 40, "the figures of this test"

    see_through()

    assert created(site) == 1
    assert BatchEntry.objects.filter(state=State.ANSWERED).count() == room
    assert BatchEntry.objects.filter(state=State.FAILED, error="over_budget").count() == 40 - room
    assert all(reply.text for reply in replies(asks[:room]))
    with pytest.raises(NoModel, match="over budget"):
        outbox.ask(asks[-1])
    assert outbox.ask(replace(asks[-1], extractive=lambda: "Facts.")).text == "Facts."
    assert_settled(site)


def test_batches_switched_off_refuse_before_any_row(site: ModelSite) -> None:
    asks = put(questions(2))
    Switch.objects.update_or_create(name=SWITCH, defaults={"active": False})
    assert outbox.submit_due() == 0
    with pytest.raises(NoModel, match="switched off"):
        outbox.ask(asks[0])
    assert not UsageRecord.objects.exists()


def test_unpriced_model_is_passed_over(site: ModelSite) -> None:
    Price.objects.filter(provider="anthropic").delete()
    price_list.forget()
    asks = put(questions(3))
    see_through()
    assert {reply.provider for reply in replies(asks)} == {"openai"}
    assert_settled(site)


def _reserved(entry: BatchEntry) -> Decimal:
    told = entry.purpose
    price = price_list.price_for(
        entry.provider, entry.model, timezone.now(), told["estimated_tokens"]
    )
    return worst(told["estimated_tokens"], told["max_output_tokens"], price, is_batch=True)


# The order of things


def test_entry_without_a_result_is_unknown_and_asked_again(
    site: ModelSite, caplog: pytest.LogCaptureFixture
) -> None:
    asks = put(questions(3))
    outbox.submit_due()
    # The provider will tell of an entry that isn't ours, and not of one that is.
    BatchEntry.objects.filter(pk=BatchEntry.objects.all()[1].pk).update(custom_id=uuid4())
    see_through()
    assert "not of this batch" in caplog.text
    assert all(reply.text for reply in replies(asks))
    rows = UsageRecord.objects.filter(stock="S2").order_by("attempt")
    assert [row.state for row in rows] == ["unknown", "settled"]
    assert rows[0].cost_usd > 0


def test_result_that_comes_twice_counts_once(caplog: pytest.LogCaptureFixture) -> None:
    batch = MessageBatch(pk=1)
    answer = Answer("Yes.", Stop.END, Tokens(1, output=1), "model")
    told = [("a", answer), ("b", answer), ("a", answer), ("z", answer)]
    assert [name for name, _ in _own(iter(told), {"a", "b"}, batch)] == ["a", "b"]
    assert "twice" in caplog.text


@pytest.mark.parametrize("order", ["shuffled", "asked", "reversed"])
def test_results_come_in_any_order(site: ModelSite, provider: str, order: str) -> None:
    site.change(results=order, author=lambda seen: f"To {seen.texts[-1]}")
    asks = put(questions(30))
    see_through()
    for number, reply in enumerate(replies(asks), 1):
        assert reply.text == f"To What of stock S{number} in the year {2000 + number}?"


def test_polling_slows_down(site: ModelSite) -> None:
    site.change(batch_seconds=5000)
    put(questions(1))
    start = timezone.now()
    outbox.submit_due(now=start)
    for second in range(0, 1200, 5):
        outbox.poll_due(now=start + timedelta(seconds=second))
    polls = sum(asked.endpoint == "batches.get" for asked in site.asked)
    # Each 10 s at first, then a tenth of the age, at last each minute.
    assert 30 < polls < 50


def test_overdue_batch_is_noted(site: ModelSite) -> None:
    site.change(batch_seconds=5000)
    put(questions(1))
    outbox.submit_due()
    outbox.poll_due(now=timezone.now() + timedelta(hours=26))
    assert "25 hours" in MessageBatch.objects.get().problem
