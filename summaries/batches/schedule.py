"""When the weekly batch is due, in the firm's time zone, right across clock changes.

A slot is a moment of the schedule. Each slot has one run, however many
schedulers look: the database holds (trigger, slot) unique.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from django.conf import settings
from django.utils import timezone

from summaries.authoring import models_write
from summaries.batches.choosing import concurrency
from summaries.batches.runs import start_run
from summaries.benchmarking import ensure_snapshots
from summaries.models import BatchRun, Stock

# A slot missed for longer than this (the machine was off) waits for the next one.
LATEST = timedelta(hours=24)


class BadSchedule(Exception):
    """FA_WEEKLY_SCHEDULE can't be read."""


def slots(
    schedule: str, zone: ZoneInfo, after: datetime, *, variable: str = "FA_WEEKLY_SCHEDULE"
) -> CronSim:
    """The moments of the schedule later than ``after``, oldest first. Raises BadSchedule, which
    names the ``variable`` that says the schedule."""
    try:
        return CronSim(schedule, after.astimezone(zone))
    except CronSimError as error:
        raise BadSchedule(
            f"{variable} is {schedule!r}: {error}. Write it as cron does, such as 0 2 * * 0."
        ) from error


def latest_slot(schedule: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The last moment of the schedule up to ``now``, if it isn't too long ago."""
    latest = None
    for slot in slots(schedule, zone, now - LATEST):
        if slot > now:
            break
        latest = slot
    return latest


def next_slot(now: datetime | None = None) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    return next(slots(settings.WEEKLY_SCHEDULE, zone, now or timezone.now()))


def due_slot(now: datetime) -> datetime | None:
    """The slot that wants a run now; none before the first batch ever was run."""
    first = BatchRun.objects.order_by("started_at").first()
    slot = latest_slot(settings.WEEKLY_SCHEDULE, ZoneInfo(settings.TIME_ZONE), now)
    if first is None or slot is None or slot <= first.started_at:
        return None
    taken = BatchRun.objects.filter(trigger=BatchRun.Trigger.WEEKLY, slot=slot).exists()
    return None if taken else slot


def start_due(now: datetime | None = None) -> BatchRun | None:
    """Make the run of the slot that is due, once, on fresh sector figures. Raises NoStocks."""
    slot = due_slot(now or timezone.now())
    if slot is None:
        return None
    ensure_snapshots(refresh=True)
    run, new = start_run(
        stocks=Stock.objects.covered(),
        trigger=BatchRun.Trigger.WEEKLY,
        slot=slot,
        concurrency=concurrency(),
        at_half_price=models_write() and settings.WEEKLY_AT_HALF_PRICE,
    )
    return run if new else None


def unattended() -> BatchRun | None:
    """The oldest unfinished run that no command waits for: scheduled, or asked for on a page."""
    return (
        BatchRun.objects.filter(state=BatchRun.State.RUNNING)
        .exclude(trigger=BatchRun.Trigger.COMMAND)
        .order_by("started_at")
        .first()
    )
