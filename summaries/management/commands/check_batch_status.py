"""How a batch went: for people, cron and monitoring."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.db.models import QuerySet
from django.utils import timezone

from summaries.batches.progress import OPEN, WELL, Progress
from summaries.models import BatchItem, BatchRun

# A running batch that has done nothing for this long has no driver.
STALLED = timedelta(minutes=5)
NAMED = 20


class Command(BaseCommand):
    help = "Tell how a batch went; exits 0 if all is well, 1 if there are problems or no batch."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--date", help="yesterday, today or YYYY-MM-DD, in the firm's time zone")
        which.add_argument("--run", type=int, help="a batch's number")
        which.add_argument("--last", action="store_true", help="the newest batch (the default)")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(
        self, *args: Any, date: str | None, run: int | None, json: bool, **options: Any
    ) -> None:
        try:
            told = [_told(one) for one in _runs(date, run)]
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        self.stdout.write(_as_json(told) if json else _as_text(told, date or run))
        sys.exit(0 if told and all(one["well"] for one in told) else 1)


def _runs(day: str | None, number: int | None) -> QuerySet[BatchRun]:
    runs = BatchRun.objects.all()
    if number is not None:
        return runs.filter(pk=number)
    if day is None:
        return runs[:1]
    start = datetime.combine(_day(day), datetime.min.time())
    here = timezone.get_default_timezone()
    end = start + timedelta(days=1)
    return runs.filter(
        started_at__gte=start.replace(tzinfo=here), started_at__lt=end.replace(tzinfo=here)
    ).order_by("started_at")


def _day(word: str) -> date:
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday")
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise CommandError(
            f"--date is {word!r}; write yesterday, today, or a day such as {today}.", returncode=2
        ) from error


def _told(run: BatchRun) -> dict[str, Any]:
    progress = Progress.of(run)
    troubled = run.items.exclude(state__in=WELL).select_related("stock").order_by("stock__ticker")
    ended = [item for item in troubled if item.state not in OPEN]
    finished = run.state == BatchRun.State.FINISHED
    return {
        "run": run.pk,
        "state": run.state,
        "trigger": run.trigger,
        "started": _here(run.started_at),
        "finished": _here(run.finished_at),
        "stalled": run.state == BatchRun.State.RUNNING
        and _last_sign(run) < timezone.now() - STALLED,
        "total": progress.total,
        "done": progress.done,
        "counts": dict(sorted(progress.counts.items())),
        "cost_usd": f"{progress.cost_usd:.2f}",
        "problems": [
            {"ticker": item.stock.ticker, "state": item.state, "message": item.message}
            for item in ended
        ],
        "well": finished and not ended,
    }


_State = BatchItem.State


def _last_sign(run: BatchRun) -> datetime:
    moments = [run.started_at]
    ended = run.items.filter(finished_at__isnull=False).order_by("-finished_at").first()
    leased = run.items.filter(lease_until__isnull=False).order_by("-lease_until").first()
    moments += [ended.finished_at] if ended and ended.finished_at else []
    moments += [leased.lease_until] if leased and leased.lease_until else []
    return max(moments)


def _here(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S %Z") if moment else ""


def _as_json(told: list[dict[str, Any]]) -> str:
    return json.dumps(
        {"well": bool(told) and all(one["well"] for one in told), "runs": told}, indent=2
    )


def _as_text(told: list[dict[str, Any]], asked: object) -> str:
    if not told:
        what = f"No batch was found for {asked}." if asked else "No batch was ever run."
        return f"{what} Start one with manage.py run_batch, and see that the schedule runs."
    return "\n".join(line for one in told for line in _lines(one))


def _lines(one: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in one["counts"].items())
    ended = f", ended {one['finished']}" if one["finished"] else ""
    lines = [
        f"Batch {one['run']} ({one['trigger']}): {one['state']}, started {one['started']}{ended}",
        f"  {one['done']} of {one['total']} done: {counts}; USD {one['cost_usd']}",
    ]
    lines += [f"  {p['ticker']} {p['state']}: {p['message']}" for p in one["problems"][:NAMED]]
    if len(one["problems"]) > NAMED:
        lines.append(f"  and {len(one['problems']) - NAMED} more")
    if one["stalled"]:
        lines.append("  Nobody works on it. Go on with it: run the same manage.py run_batch again.")
    elif one["problems"]:
        lines.append(
            "  Held summaries wait in the admin's review queue; docs/runbook.md says more."
        )
    return lines
