"""How often what was written did not hold: by verdict, finding, stock, writer, with the trend."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils import timezone

from costs.reports.window import NotAWindow, Window, window
from summaries.pages.hallucinations import SECTIONS, Analysis, Line, analysis

USAGE = 2
FORMATS = ("text", "json", "csv")
NAMED = 15
HEADS = {
    "verdict": "Claims by verdict",
    "finding": "Findings by kind, for each claim checked",
    "stock": "Claims not supported, by stock",
    "writer": "Claims not supported, by who wrote and with which prompts",
    "outcome": "What became of the texts",
    "offered": "Claims that models offered",
    "refused": "Why claims that models offered were refused",
    "review": "Review, for each finding",
}
FIELDS = (
    "section", "name", "count", "of", "share", "count_before", "of_before", "share_before",
)  # fmt: skip


class Command(BaseCommand):
    help = "How often what was written did not hold, by finding, stock and writer, with the trend."

    def add_arguments(self, parser: CommandParser) -> None:
        when = parser.add_mutually_exclusive_group()
        when.add_argument("--last-week", action="store_true", help="7 days back (the default)")
        when.add_argument("--days", type=int, help="so many days back")
        when.add_argument("--since", help="from a day, such as 2026-11-01, until now")
        parser.add_argument("--format", choices=FORMATS, default="text", dest="form")

    def handle(
        self, *args: Any, days: int | None, since: str | None, form: str, **options: Any
    ) -> None:
        try:
            told = analysis(_window(days, since))
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        text = {"text": _text, "json": _json, "csv": _csv}[form](told)
        self.stdout.write(text, ending="" if form == "csv" else "\n")


def _window(days: int | None, since: str | None) -> Window:
    """Raises CommandError, which exits 2."""
    if days is not None and not 1 <= days <= 3650:
        raise CommandError("--days must be between 1 and 3650.", returncode=USAGE)
    if since is None:
        return window(f"last-{7 if days is None else days}d")
    try:
        start = window(since).start
    except NotAWindow:
        start = None
    if start is None or len(since) != len("2026-11-01"):
        raise CommandError(
            f"--since is {since!r}; write a day such as {timezone.localdate()}.", returncode=USAGE
        )
    now = window("last-1h").end
    if start >= now:
        raise CommandError(f"--since is {since}; write a day that has begun.", returncode=USAGE)
    return Window(start, now, f"the time since {since}")


def _text(told: Analysis) -> str:
    if not told.texts:
        return (
            f"No text was written in {told.window.label}, so there is nothing to analyse. "
            "Look further back with --days 30, or start a batch with manage.py run_batch."
        )
    days = (told.window.end - told.window.start).total_seconds() / 86_400
    lines = [
        f"{told.texts:,} texts were written in {told.window.label}, {told.claims:,} claims checked.",
        f"In brackets: the {days:.0f} days before.",
    ]
    for section in SECTIONS:
        lines += _section(section, told.of(section))
    return "\n".join(lines)


def _section(section: str, lines: list[Line]) -> list[str]:
    shown = [one for one in lines if one.count or one.count_before or section == "verdict"]
    if section == "writer":
        shown = lines
    if not shown:
        return []
    width = max(len(one.name) for one in shown[:NAMED])
    told = ["", f"{HEADS[section]}:"]
    told += [
        f"  {one.name.ljust(width)}  {one.count:>7,} of {one.of:>7,}  {_share(one.share):>6}"
        f"  ({_share(one.share_before)}{_trend(one)})"
        for one in shown[:NAMED]
    ]
    if len(shown) > NAMED:
        told.append(f"  and {len(shown) - NAMED} more (--format csv has all)")
    return told


def _share(share: Fraction | None) -> str:
    return "–" if share is None else f"{float(share):.1%}"


def _trend(one: Line) -> str:
    if one.share is None or one.share_before is None:
        return ""
    points = float(one.share - one.share_before) * 100
    return f", {points:+.1f} points" if abs(points) >= 0.05 else ", unchanged"


def _json(told: Analysis) -> str:
    window = {"from": told.window.start.isoformat(), "until": told.window.end.isoformat()}
    before = {"from": told.before.start.isoformat(), "until": told.before.end.isoformat()}
    return json.dumps(
        {
            "window": window,
            "before": before,
            "texts": told.texts,
            "claims": told.claims,
            "lines": [dict(zip(FIELDS, _row(one), strict=True)) for one in told.lines],
        },
        indent=2,
    )


def _csv(told: Analysis) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(FIELDS)
    rows.writerows(_row(one) for one in told.lines)
    return out.getvalue()


def _row(one: Line) -> tuple[str | int | float | None, ...]:
    return (
        one.section, one.name, one.count, one.of, _rounded(one.share),
        one.count_before, one.of_before, _rounded(one.share_before),
    )  # fmt: skip


def _rounded(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 6)
