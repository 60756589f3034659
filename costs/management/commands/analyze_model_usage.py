"""Which models were called how often, how fast, how well cached, for how much."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from costs.management.commands.export_cost_report import asked_window
from costs.reports.outages import Outage, outages
from costs.reports.report import as_fields
from costs.reports.spending import Spent, by, together, with_speed


class Command(BaseCommand):
    help = "Calls, tokens, speed and cost by model, and what failed."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--last-24h", action="store_const", const="last-24h", dest="words")
        which.add_argument("--last-7d", action="store_const", const="last-7d", dest="words")
        which.add_argument("--window", dest="words", help="last-30d, 2026-10, or A..B in days")
        parser.add_argument("--json", action="store_true", help="for machines", dest="as_json")
        parser.set_defaults(words="last-24h")

    def handle(self, *args: Any, words: str | None, as_json: bool, **options: Any) -> None:
        shown = asked_window(words or "last-24h")
        rows = with_speed("model", shown, by("model", shown))
        if as_json:
            self.stdout.write(json.dumps([as_fields(row) for row in rows], indent=2))
            return
        if not rows:
            self.stdout.write(f"No model was called in {shown.label}.")
            return
        self.stdout.write(f"{shown.label.capitalize()}:")
        for line in (*table("model", rows, together(rows)), *map(_failures, outages(shown))):
            self.stdout.write(line)


def _failures(one: Outage) -> str:
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in one.kinds)
    return (
        f"{one.provider}: {one.failed:,} of {one.attempts:,} attempts were lost ({kinds}), "
        f"{one.wasted_usd:,.4f} USD billed in vain; calls answered elsewhere: "
        f"{one.answered_elsewhere:,} for {one.elsewhere_usd:,.4f} USD, by nobody: {one.unanswered:,}."
    )


HEAD = ("attempts", "failed", "prompt", "cached", "output", "mean s", "p95 s", "USD")


def table(name: str, rows: list[Spent], whole: Spent) -> list[str]:
    """A line a row and one of the sum, in columns."""
    cells = [
        (name, *HEAD),
        *((row.key or "(none)", *_cells(row)) for row in rows),
        ("all", *_cells(whole)),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]


def _cells(row: Spent) -> tuple[str, ...]:
    return (
        f"{row.calls:,}", f"{row.failed:,}", f"{row.prompt_tokens:,}",
        "-" if row.hit_ratio is None else f"{row.hit_ratio:.0%}", f"{row.output_tokens:,}",
        "-" if row.mean_ms is None else f"{row.mean_ms / 1000:.1f}",
        "-" if row.p95_ms is None else f"{row.p95_ms / 1000:.1f}", f"{row.usd:,.4f}",
    )  # fmt: skip
