"""Where the tokens go: by agent, task, prompt, model, stock, user."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs.management.commands.analyze_model_usage import as_json, table
from costs.reports.spending import DIMENSIONS, by, total
from costs.reports.window import NotAWindow, window

USAGE = 2
SHOWN = 50


class Command(BaseCommand):
    help = "Tokens and cost by agent, or by whatever else is asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        for name, (label, _) in DIMENSIONS.items():
            which.add_argument(
                f"--by-{name}", action="store_const", const=name, dest="by",
                help=f"by {label.lower()}{' (the default)' if name == 'agent' else ''}",
            )  # fmt: skip
        parser.add_argument("--window", default="last-30d", help="last-24h, 2026-10, A..B in days")
        parser.add_argument("--limit", type=int, default=SHOWN, help=f"rows ({SHOWN})")
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.set_defaults(by="agent")

    def handle(
        self, *args: Any, by: str | None, window: str, limit: int, json: bool, **options: Any
    ) -> None:
        self._tell(by or "agent", window, limit, json)

    def _tell(self, dimension: str, words: str, limit: int, as_machine: bool) -> None:
        if limit < 1:
            raise CommandError("--limit must be at least 1.", returncode=USAGE)
        try:
            shown = window(words)
        except NotAWindow as error:
            raise CommandError(str(error), returncode=USAGE) from error
        rows = by(dimension, shown, most=limit)
        if as_machine:
            self.stdout.write(as_json(rows))
            return
        if not rows:
            self.stdout.write(f"No tokens were used in {shown.label}.")
            return
        for line in table(DIMENSIONS[dimension][0].lower(), rows, total(shown)):
            self.stdout.write(line)
