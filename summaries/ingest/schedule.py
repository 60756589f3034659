"""When the sources are looked at again: each configured source, once a slot, in the firm's time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from summaries.batches.schedule import latest_slot, slots
from summaries.ingest.connections import configured
from summaries.ingest.runs import NothingToIngest, start_ingest
from summaries.models import IngestRun, Stock


def next_ingest(now: datetime | None = None) -> datetime:
    """Raises BadSchedule."""
    after = now or timezone.now()
    return next(slots(settings.INGEST_SCHEDULE, _zone(), after, variable="FA_INGEST_SCHEDULE"))


def start_due_ingests(now: datetime | None = None) -> list[IngestRun]:
    """The runs of the slot that is due, each made once, whoever looks; none before the first
    ingest of a source was started by hand."""
    now = now or timezone.now()
    slot = latest_slot(settings.INGEST_SCHEDULE, _zone(), now)
    if slot is None:
        return []
    started = []
    for source in configured():
        first = IngestRun.objects.filter(source=source).order_by("started_at").first()
        if first is None or slot <= first.started_at:
            continue
        try:
            run, new = start_ingest(
                source=source, stocks=Stock.objects.covered(),
                trigger=IngestRun.Trigger.SCHEDULE, slot=slot,
            )  # fmt: skip
        except NothingToIngest:
            continue
        if new:
            started.append(run)
    return started


def unattended_ingests() -> list[IngestRun]:
    """Unfinished runs that no command waits for: scheduled, or asked for on a page."""
    running = IngestRun.objects.filter(state=IngestRun.State.RUNNING)
    return list(running.exclude(trigger=IngestRun.Trigger.COMMAND).order_by("started_at"))


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
