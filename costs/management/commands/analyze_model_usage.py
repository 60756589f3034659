"""Which models were called how often, how fast, how well cached, for how much."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs.reports.outages import outages
from costs.reports.spending import Spent, by, total
from costs.reports.window import NotAWindow, window

USAGE = 2


class Command(BaseCommand):
    help = "Calls, tokens, speed and cost by model."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--last-24h", action="store_const", const="last-24h", dest="words")
        which.add_argument("--last-7d", action="store_const", const="last-7d", dest="words")
        which.add_argument("--window", dest="words", help="last-30d, 2026-10, or A..B in days")
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.set_defaults(words="last-24h")

    def handle(self, *args: Any, words: str | None, json: bool, **options: Any) -> None:
        try:
            shown = window(words or "last-24h")
        except NotAWindow as error:
            raise CommandError(str(error), returncode=USAGE) from error
        rows = by("model", shown)
        if json:
            self.stdout.write(as_json(rows))
            return
        if not rows:
            self.stdout.write(f"No model was called in {shown.label}.")
            return
        for line in table("model", rows, total(shown)):
            self.stdout.write(line)
        for one in outages(shown):
            kinds = ", ".join(f"{n} {kind}" for kind, n in one.kinds)
            self.stdout.write(
                f"{one.provider}: {one.failed} of {one.attempts} attempts failed ({kinds}), "
                f"{one.wasted_usd:.4f} USD billed in vain, {one.answered_elsewhere} calls answered "
                f"elsewhere for {one.elsewhere_usd:.4f} USD."
            )


HEAD = ("calls", "failed", "prompt", "cached", "output", "mean s", "p95 s", "USD")


def table(name: str, rows: list[Spent], whole: Spent) -> list[str]:
    """A line a row and one of the sum, in columns."""
    cells = [(name, *HEAD), *(_cells(row.key, row) for row in rows), _cells("all", whole)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(cells[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]


def _cells(key: str, row: Spent) -> tuple[str, ...]:
    return (
        key, f"{row.calls:,}", f"{row.failed:,}", f"{row.prompt_tokens:,}",
        "-" if row.hit_ratio is None else f"{row.hit_ratio:.0%}", f"{row.output_tokens:,}",
        "-" if row.mean_ms is None else f"{row.mean_ms / 1000:.1f}",
        "-" if row.p95_ms is None else f"{row.p95_ms / 1000:.1f}", f"{row.usd:,.4f}",
    )  # fmt: skip


def as_json(rows: list[Spent]) -> str:
    fields = (
        "key", "calls", "failed", "input_tokens", "cache_write_tokens", "cache_read_tokens",
        "output_tokens", "thinking_tokens", "hit_ratio", "mean_ms", "p95_ms",
    )  # fmt: skip
    told = [{**{f: getattr(row, f) for f in fields}, "usd": str(row.usd)} for row in rows]
    return json.dumps(told, indent=2)
