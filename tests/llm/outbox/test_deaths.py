"""A worker is killed with -9 at each step. Another one goes on: one batch, one answer, one bill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.db import connection, connections
from django.utils import timezone

from costs.models import UsageRecord
from llm import outbox
from llm.models import BatchEntry, MessageBatch
from llm.outbox import submitting
from llm.outbox.collecting import collect
from llm.outbox.owning import take
from tests.llm.outbox.asks import (
    assert_settled,
    created,
    put,
    question,
    questions,
    replies,
    see_through,
)
from tests.vendors import Fault, ModelSite

NUMBER = 35
# Longer than a claim's lease, and than a submission can be under way.
LATER = timedelta(minutes=16)

States = MessageBatch.State


def kill_worker(at: str, site: ModelSite) -> None:
    """A worker of its own process, on the test's database, dies at that point."""
    told = connection.settings_dict
    where = f"{told['HOST']}:{told['PORT']}" if told["PORT"] else ""
    database = f"postgresql://{told['USER']}:{told['PASSWORD']}@{where}/{told['NAME']}"
    child = subprocess.run(
        [sys.executable, "-m", "tests.llm.outbox.dying", at],
        cwd=Path(__file__).resolve().parents[3],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "fa_site.settings",
            "DATABASE_URL": database,
            "REDIS_URL": project.REDIS_URL,
            "ANTHROPIC_API_KEY": project.ANTHROPIC_API_KEY,
            "OPENAI_API_KEY": project.OPENAI_API_KEY,
            "FA_ANTHROPIC_BASE_URL": site.anthropic_url,
            "FA_OPENAI_BASE_URL": site.openai_url,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


def assert_one_of_each(site: ModelSite, asks: list[Any]) -> None:
    assert created(site) == 1
    assert MessageBatch.objects.get().state == States.SETTLED
    assert all(reply.text for reply in replies(asks))
    assert not BatchEntry.objects.exclude(state=BatchEntry.State.ANSWERED).exists()
    assert UsageRecord.objects.count() == len(asks)
    assert_settled(site)


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("collected", States.COLLECTED),
        ("claimed", States.SUBMITTING),
        ("sent", States.SUBMITTING),
        ("noted", States.SUBMITTED),
        ("settling", States.ENDED),
    ],
)
def test_worker_is_killed(site: ModelSite, provider: str, point: str, left: str) -> None:
    asks = put(questions(NUMBER))
    kill_worker(point, site)
    assert MessageBatch.objects.get().state == left
    if point == "settling":
        assert BatchEntry.objects.filter(state="answered").count() == 20
    with time_machine.travel(timezone.now() + LATER):
        see_through()
    assert_one_of_each(site, asks)


def test_nobody_takes_over_before_the_lease_is_over(site: ModelSite) -> None:
    put(questions(3))
    kill_worker("sent", site)
    assert outbox.submit_due(now=timezone.now() + timedelta(minutes=14)) == 0
    assert MessageBatch.objects.get().state == States.SUBMITTING
    assert created(site) == 1


def test_batch_in_progress_is_found_by_its_traces(site: ModelSite, provider: str) -> None:
    """Anthropic shows no marker of a batch that has not ended."""
    site.change(batch_seconds=3600)
    asks = put(questions(5))
    kill_worker("sent", site)
    with time_machine.travel(timezone.now() + LATER):
        outbox.submit_due()
        assert MessageBatch.objects.get().state == States.SUBMITTED
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        see_through()
    assert_one_of_each(site, asks)


def test_outcome_that_nobody_told_is_looked_for(site: ModelSite, provider: str) -> None:
    site.script.add(Fault("unknown_outcome", seconds=0.1, times=1))
    asks = put(questions(5))
    outbox.submit_due()
    batch = MessageBatch.objects.get()
    assert (batch.state, batch.provider_id) == (States.SUBMITTING, "")
    assert "may have been submitted" in batch.problem
    # It can't be told at once whether it is still on its way.
    outbox.submit_due(now=timezone.now() + timedelta(minutes=1))
    with time_machine.travel(timezone.now() + LATER):
        see_through()
    assert_one_of_each(site, asks)


def test_submission_that_was_thought_dead_comes_back(site: ModelSite, provider: str) -> None:
    """Its worker wakes after another one has submitted: the batch that is noted first counts."""
    put(questions(3))
    collect(run="", least=1, now=timezone.now())
    batch = MessageBatch.objects.get()
    sleeper = take(
        batch, timezone.now(), timedelta(0), state=States.SUBMITTING, submitted_at=timezone.now()
    )
    assert sleeper is not None
    with time_machine.travel(timezone.now() + LATER):
        outbox.submit_due()
        first = MessageBatch.objects.get().provider_id
        site.change(batch_seconds=3600)
        assert not submitting._sent(sleeper, timezone.now())
        assert MessageBatch.objects.get().provider_id == first
        assert sum(asked.endpoint == "batches.cancel" for asked in site.asked) == 1
        see_through()
    assert created(site) == 2
    assert_settled(site)


def test_drivers_beside_each_other_submit_and_settle_once(site: ModelSite, provider: str) -> None:
    asks = put(questions(NUMBER))
    asks += put(question(1000 + n, run="other") for n in range(50))
    errors: list[BaseException] = []
    start = threading.Barrier(4)

    def drive() -> None:
        try:
            start.wait()
            assert outbox.drive(
                threading.Event(), seconds=60, pauses=outbox.Pauses(0, 0), tick_seconds=0.01
            )
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    drivers = [threading.Thread(target=drive) for _ in range(4)]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    assert errors == []
    assert created(site) == MessageBatch.objects.count()
    assert all(reply.text for reply in replies(asks))
    assert UsageRecord.objects.count() == len(asks)
    ended = Counter(BatchEntry.objects.values_list("state", flat=True))
    assert ended == {BatchEntry.State.ANSWERED: len(asks)}
    assert_settled(site)
