"""The driver against the real tables; workers are played by the test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import OperationalError
from redis.exceptions import ConnectionError as ValkeyAway

from summaries.batches import claim, driving, start_run
from summaries.batches.claims import MOST_ATTEMPTS
from summaries.batches.driving import Driver, ServicesAway
from summaries.batches.progress import Progress
from summaries.models import BatchItem, BatchRun
from tests.batch.test_runs import stocks

pytestmark = pytest.mark.django_db(transaction=True)
State = BatchItem.State


def close(item_id: int) -> None:
    BatchItem.objects.filter(pk=item_id).update(state=State.UNCHANGED, claim_token=None)


@dataclass
class Play:
    """What the driver does to the world, written down."""

    run: BatchRun
    work: Callable[[int], None] = close
    sent: list[int] = field(default_factory=list)
    revived: int = 0
    seen: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    deaths: list[bool] = field(default_factory=list)

    def send(self, item_id: int) -> None:
        self.sent.append(item_id)
        self.work(item_id)

    def revive(self) -> None:
        self.revived += 1

    def driver(self, concurrency: int = 2) -> Driver:
        return Driver(
            run=self.run,
            concurrency=concurrency,
            send=self.send,
            keep_workers=lambda: self.deaths.pop() if self.deaths else False,
            revive=self.revive,
            watch=lambda progress: self.seen.append(progress.line()),
            stopping=self.stopping,
        )


@pytest.fixture
def run() -> BatchRun:
    made, _ = start_run(
        stocks=stocks("AAA", "BBB", "CCC", "DDD", "EEE"), trigger=BatchRun.Trigger.COMMAND
    )
    return made


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driving, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(driving, "RESEND_SECONDS", 0.1)
    monkeypatch.setattr(driving, "SHORTEST_WAIT", 0.01)


def item_ids(run: BatchRun) -> list[int]:
    return list(run.items.order_by("pk").values_list("pk", flat=True))


def test_each_item_is_sent_once_in_order_and_the_run_ends(run: BatchRun) -> None:
    play = Play(run)
    assert play.driver().drive()
    assert play.sent == item_ids(run)
    run.refresh_from_db()
    assert run.state == "finished"
    assert play.seen[-1].startswith("5/5 (100%)")


def test_no_more_than_the_concurrency_are_in_flight(run: BatchRun) -> None:
    in_flight: list[int] = []

    def work(item_id: int) -> None:
        claim(item_id)
        open_now = BatchItem.objects.filter(state=State.CLAIMED)
        in_flight.append(open_now.count())
        if in_flight[-1] == 2:
            open_now.update(state=State.UNCHANGED, claim_token=None, lease_until=None)

    BatchItem.objects.filter(pk=item_ids(run)[-1]).update(state=State.UNCHANGED)
    assert Play(run, work).driver(concurrency=2).drive()
    assert max(in_flight) == 2


def test_lost_message_is_sent_again(run: BatchRun) -> None:
    lost = item_ids(run)[1]
    play = Play(
        run, lambda item: close(item) if item != lost or play.sent.count(lost) > 1 else None
    )
    assert play.driver().drive()
    assert play.sent.count(lost) == 2
    assert len(play.sent) == 6


def test_claims_of_dead_workers_are_taken_over_at_once(run: BatchRun) -> None:
    held = item_ids(run)[0]
    claim(held)
    play = Play(run, deaths=[True])
    assert play.driver().drive()
    assert sorted(play.sent) == item_ids(run)


def test_item_that_ends_every_worker_is_given_up(run: BatchRun) -> None:
    deadly = item_ids(run)[2]

    def work(item_id: int) -> None:
        if item_id != deadly:
            return close(item_id)
        claim(item_id)
        play.deaths.append(True)
        return None

    play = Play(run, work)
    assert play.driver().drive()
    assert play.sent.count(deadly) == MOST_ATTEMPTS
    assert BatchItem.objects.get(pk=deadly).state == State.FAILED


@pytest.mark.parametrize("error", [ValkeyAway("gone"), OperationalError("gone")])
def test_outage_is_waited_out_and_services_revived(run: BatchRun, error: Exception) -> None:
    def work(item_id: int) -> None:
        if len(play.sent) in (2, 3):
            raise error
        close(item_id)

    play = Play(run, work)
    assert play.driver().drive()
    assert play.revived == 2
    assert set(play.sent) == set(item_ids(run))


def test_long_outage_ends_the_driver_and_the_run_can_be_resumed(
    run: BatchRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "PATIENCE_SECONDS", 0.05)

    def away(item_id: int) -> None:
        raise ValkeyAway("gone")

    with pytest.raises(ServicesAway, match="gone"):
        Play(run, away).driver().drive()
    assert Play(run).driver().drive()


def test_asked_to_stop_it_leaves_the_run_open(run: BatchRun) -> None:
    play = Play(run)

    def work(item_id: int) -> None:
        close(item_id)
        play.stopping.set()

    play.work = work
    assert not play.driver(concurrency=1).drive()
    run.refresh_from_db()
    assert (run.state, len(play.sent)) == ("running", 1)


def test_progress_counts_and_foretells(run: BatchRun) -> None:
    first = Progress.of(run)
    ids = item_ids(run)
    close(ids[0])
    BatchItem.objects.filter(pk=ids[1]).update(state=State.HELD, cost_usd="0.126")
    now = Progress.of(run, since=first)
    moved = Progress(now.counts, now.cost_usd, first.moment + 60, first)
    assert moved.line() == ("2/5 (40%), 2 stocks a minute, 1 min 30 s left, USD 0.13, 1 to look at")
    assert moved.bar(10).startswith("[####......] 2/5")
