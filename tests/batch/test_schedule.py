from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from summaries.batches import start_run
from summaries.batches.schedule import BadSchedule, latest_slot, next_slot, start_due, unattended
from summaries.models import BatchItem, BatchRun
from tests.batch.test_runs import close_all, stocks

NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
WEEKLY = "0 2 * * 0"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-15 06:59:59", None),
        ("2026-11-15 07:00:00", "2026-11-15 07:00:00"),  # 02:00 EST
        ("2026-11-16 06:59:00", "2026-11-15 07:00:00"),
        ("2026-11-16 07:00:01", None),  # more than a day late
        # 8 March 2026: the clock goes from 02:00 to 03:00, so 02:00 is the moment 03:00 EDT.
        ("2026-03-08 06:59:59", None),
        ("2026-03-08 07:00:00", "2026-03-08 07:00:00"),
        ("2026-03-15 06:00:00", "2026-03-15 06:00:00"),  # 02:00 EDT
        # 1 November 2026: 01:00 to 02:00 comes twice, 02:00 once.
        ("2026-11-01 06:00:00", None),
        ("2026-11-01 06:59:59", None),
        ("2026-11-01 07:00:00", "2026-11-01 07:00:00"),
    ],
)
def test_slots_in_new_york(now: str, slot: str | None) -> None:
    assert latest_slot(WEEKLY, NEW_YORK, at(now)) == (slot and at(slot))


def test_hour_that_comes_twice_is_one_slot() -> None:
    # 25 October 2026: 01:00 to 02:00 comes twice in London.
    moment, found = at("2026-10-24 23:00:00"), set()
    while moment < at("2026-10-25 06:00:00"):
        if slot := latest_slot("30 1 * * 0", LONDON, moment):
            found.add(slot.astimezone(UTC))
        moment += timedelta(minutes=5)
    assert len(found) == 1


def test_a_year_has_a_slot_each_sunday() -> None:
    moment, end, found = at("2026-01-01 00:00:00"), at("2027-01-01 00:00:00"), []
    while (moment := next_slot(moment)) < end:
        found.append(moment.astimezone(NEW_YORK))
    assert len(found) == 52
    assert {slot.weekday() for slot in found} == {6}
    assert {slot.hour for slot in found} == {2, 3}
    assert [slot.date().isoformat() for slot in found if slot.hour == 3] == ["2026-03-08"]


def test_unreadable_schedule_is_told(settings: object) -> None:
    settings.WEEKLY_SCHEDULE = "sometimes"  # type: ignore[attr-defined]
    with pytest.raises(BadSchedule, match="FA_WEEKLY_SCHEDULE is 'sometimes'"):
        next_slot()


SUNDAY = at("2026-11-15 07:00:00")


def ran_before(moment: datetime) -> BatchRun:
    """A batch that somebody ran by hand, which makes the schedule count."""
    run, _ = start_run(stocks=stocks("AAA"), trigger=BatchRun.Trigger.COMMAND)
    close_all(run)
    BatchRun.objects.update(started_at=moment)
    return run


@pytest.fixture
def covered(db: None) -> None:
    from summaries.models import Filing

    run = ran_before(SUNDAY - timedelta(days=3))
    for item in run.items.all():
        Filing.objects.create(stock=item.stock, form="10-K", period_end=SUNDAY.date())


@pytest.mark.usefixtures("covered")
def test_due_slot_gets_one_run_however_often_it_is_looked_at() -> None:
    assert start_due(SUNDAY - timedelta(seconds=1)) is None
    run = start_due(SUNDAY)
    assert run
    assert (run.trigger, run.slot, run.items.count()) == ("weekly", SUNDAY, 1)
    assert start_due(SUNDAY + timedelta(minutes=1)) is None
    close_all(run)
    assert start_due(SUNDAY + timedelta(hours=1)) is None
    assert BatchRun.objects.filter(trigger="weekly").count() == 1


@pytest.mark.usefixtures("covered")
def test_slot_missed_while_the_machine_was_off_is_made_up_for_a_day() -> None:
    assert start_due(SUNDAY + timedelta(hours=24, seconds=1)) is None
    assert start_due(SUNDAY + timedelta(hours=23))


@pytest.mark.django_db
def test_first_start_makes_up_for_nothing() -> None:
    assert start_due(SUNDAY) is None
    ran_before(SUNDAY + timedelta(hours=1))
    assert start_due(SUNDAY + timedelta(hours=2)) is None


@pytest.mark.django_db
def test_unattended_are_runs_that_no_command_waits_for() -> None:
    some = stocks("AAA", "BBB")
    start_run(stocks=some[:1], trigger=BatchRun.Trigger.COMMAND)
    assert unattended() is None
    asked, _ = start_run(stocks=some, trigger=BatchRun.Trigger.API)
    assert unattended() == asked
    BatchItem.objects.update(state="unchanged", finished_at=timezone.now())
    close_all(asked)
    assert unattended() is None
