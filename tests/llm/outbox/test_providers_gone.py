"""Providers that take nothing, runs that are cancelled, and the operators' command."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from costs.models import UsageRecord
from llm import outbox
from llm.errors import CallFailed, Kind, NoModel
from llm.models import BatchEntry, CircuitEvent, MessageBatch
from tests.llm.outbox.asks import (
    RUN,
    assert_settled,
    created,
    put,
    question,
    questions,
    replies,
    see_through,
)
from tests.vendors import Fault, ModelSite

States = MessageBatch.State


@pytest.mark.parametrize(
    "fault",
    [
        Fault("outage", provider="anthropic", status=503),
        Fault("status", provider="anthropic", endpoint="batches.create", status=529),
        Fault("status", provider="anthropic", endpoint="batches.create", status=429),
    ],
    ids=["outage", "overloaded", "limited"],
)
def test_provider_that_takes_nothing_for_an_hour_is_left(site: ModelSite, fault: Fault) -> None:
    site.script.add(fault)
    asks = put(questions(20))
    start = timezone.now()
    outbox.submit_due(now=start)
    outbox.submit_due(now=start + timedelta(minutes=30))
    assert MessageBatch.objects.get().state == States.COLLECTED
    assert "the provider is left alone" in (told := MessageBatch.objects.get().problem) or (
        "not taken" in told
    )
    see_through(start + timedelta(minutes=70))
    assert {reply.provider for reply in replies(asks)} == {"openai"}
    assert UsageRecord.objects.filter(provider="anthropic", state="failed").count() == 20
    assert [batch.state for batch in MessageBatch.objects.order_by("pk")] == ["failed", "settled"]
    assert_settled(site)


def test_provider_whose_circuit_is_open_for_an_hour_is_left_at_once(site: ModelSite) -> None:
    event = CircuitEvent.objects.create(provider="anthropic", state="open")
    CircuitEvent.objects.filter(pk=event.pk).update(at=timezone.now() - timedelta(minutes=61))
    site.script.add(Fault("outage", provider="anthropic", status=503))
    asks = put(questions(3))
    see_through()
    assert {reply.provider for reply in replies(asks)} == {"openai"}
    assert_settled(site)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", provider="anthropic", endpoint="batches.create", status=401),
        Fault("quota", provider="anthropic", endpoint="batches.create"),
        Fault("status", provider="anthropic", endpoint="batches.create", status=400),
    ],
    ids=["key", "credit", "request"],
)
def test_permanent_refusal_goes_to_the_next_model_at_once(site: ModelSite, fault: Fault) -> None:
    site.script.add(fault)
    asks = put(questions(5))
    see_through(minutes=0)
    assert {reply.provider for reply in replies(asks)} == {"openai"}
    assert_settled(site)


def test_last_provider_that_refuses_is_the_end(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("status", endpoint="batches.create", status=401))
    put(questions(2))
    see_through()
    with pytest.raises(CallFailed) as failed:
        outbox.ask(question(1))
    assert failed.value.kind == Kind.UNAUTHORISED
    assert outbox.ask(question(1, extractive=lambda: "Facts.")).provider == "extractive"
    assert_settled(site)


def test_passing_refusal_is_tried_again_with_the_same(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("status", endpoint="batches.create", status=429, retry_after=1, times=1))
    asks = put(questions(4))
    see_through()
    assert created(site) == 2
    assert {reply.provider for reply in replies(asks)} == {provider}
    assert MessageBatch.objects.count() == 1
    assert_settled(site)


def test_results_that_break_off_are_read_again(site: ModelSite, provider: str) -> None:
    endpoint = {"anthropic": "batches.results", "openai": "files.content"}[provider]
    site.script.add(Fault("status", endpoint=endpoint, status=500, times=1))
    asks = put(questions(4))
    see_through()
    assert all(reply.text for reply in replies(asks))
    assert_settled(site)


def test_provider_that_is_away_later_is_waited_for(site: ModelSite, provider: str) -> None:
    asks = put(questions(4))
    start = timezone.now()
    outbox.submit_due(now=start)
    outage = Fault("outage", status=503)
    site.script.add(outage)
    for hour in range(1, 6):
        outbox.poll_due(now=start + timedelta(hours=hour))
    assert "could not be looked at" in MessageBatch.objects.get().problem
    site.script.lift(outage)
    see_through(start + timedelta(hours=6))
    assert created(site) == 1
    assert all(reply.text for reply in replies(asks))
    assert_settled(site)


# Cancelling


def test_cancelled_run_is_asked_back(site: ModelSite, provider: str) -> None:
    site.change(batch_seconds=3600)
    put(questions(3))
    outbox.submit_due()
    put([question(4), question(5, run="other")])
    assert outbox.cancel(RUN) == 1
    assert sum(asked.endpoint == "batches.cancel" for asked in site.asked) == 1
    site.change(batch_seconds=0)
    see_through()
    states = BatchEntry.objects.filter(run=RUN).values_list("state", flat=True)
    assert set(states) == {BatchEntry.State.CANCELLED}
    assert outbox.ask(question(5, run="other")).text
    with pytest.raises(NoModel, match="cancelled"):
        outbox.ask(question(1))
    assert_settled(site)


def test_batch_that_others_share_is_not_asked_back(site: ModelSite) -> None:
    site.change(batch_seconds=3600)
    put([question(1), question(2, run="other")])
    outbox.submit_due()
    assert outbox.cancel(RUN) == 0
    assert not any(asked.endpoint == "batches.cancel" for asked in site.asked)
    site.change(batch_seconds=0)
    see_through()
    # It is billed and there: it is kept.
    assert outbox.ask(question(1)).text
    assert_settled(site)


def test_cancelled_before_it_is_sent_costs_nothing(site: ModelSite) -> None:
    site.script.add(Fault("status", endpoint="batches.create", status=529))
    put(questions(3))
    outbox.submit_due()
    assert outbox.cancel(RUN) == 3
    assert MessageBatch.objects.get().state == States.FAILED
    assert_settled(site)


def test_cancel_needs_a_run(db: None) -> None:
    with pytest.raises(ValueError, match="which run"):
        outbox.cancel("")


# The command


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("message_batches", *arguments, stdout=out)
    return out.getvalue()


def test_command_drives_and_lists(site: ModelSite) -> None:
    asks = put(questions(5))
    assert "5 entries wait" in told()
    assert "No batches yet." in told()
    drove = told("--drive", "--seconds", "30")
    assert "1 batches submitted, 5 entries ended" in drove
    assert "settled" in drove
    assert "saved." in drove
    assert all(reply.text for reply in replies(asks))
    assert told("--drive", "--last", "1").count("settled") == 1


def test_command_stops_in_time_and_says_so(site: ModelSite) -> None:
    site.change(batch_seconds=3600)
    put(questions(1))
    with pytest.raises(CommandError, match="go on with --drive"):
        told("--drive", "--seconds", "0.5")


def test_command_resumes_what_a_dead_worker_left(site: ModelSite) -> None:
    asks = put(questions(2))
    outbox.submit_due()
    outbox.poll_due(now=timezone.now() + timedelta(minutes=2))
    assert "Taken over: 0" in told("--resume")
    MessageBatch.objects.update(
        state=States.ENDED, lease_until=timezone.now() + timedelta(minutes=5)
    )
    assert "Taken over: 1" in told("--resume", "--seconds", "20")
    assert all(reply.text for reply in replies(asks))


@pytest.mark.parametrize("arguments", [("--seconds", "5"), ("--last", "0")])
def test_command_refuses_what_makes_no_sense(db: None, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        told(*arguments)
