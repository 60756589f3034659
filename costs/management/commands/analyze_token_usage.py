"""Where the tokens go: by agent, task, prompt, model, stock, user."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs.management.commands.analyze_model_usage import table
from costs.management.commands.export_cost_report import USAGE, asked_window
from costs.reports.report import as_fields
from costs.reports.spending import DIMENSIONS, by, total, with_speed

SHOWN = 50


class Command(BaseCommand):
    help = "Tokens and cost by agent, or by whatever else is asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        for name, one in DIMENSIONS.items():
            which.add_argument(
                f"--by-{name}", action="store_const", const=name, dest="dimension",
                help=f"by {one.label.lower()}{' (the default)' if name == 'agent' else ''}",
            )  # fmt: skip
        parser.add_argument("--window", default="last-30d", help="last-24h, 2026-10, A..B in days")
        parser.add_argument("--limit", type=int, default=SHOWN, help=f"rows ({SHOWN})")
        parser.add_argument("--json", action="store_true", help="for machines", dest="as_json")
        parser.set_defaults(dimension="agent")

    def handle(
        self, *args: Any, dimension: str, window: str, limit: int, as_json: bool, **options: Any
    ) -> None:
        if limit < 1:
            raise CommandError("--limit must be at least 1.", returncode=USAGE)
        shown = asked_window(window)
        rows = with_speed(dimension, shown, by(dimension, shown, most=limit))
        if as_json:
            self.stdout.write(json.dumps([as_fields(row) for row in rows], indent=2))
            return
        if not rows:
            self.stdout.write(f"No tokens were used in {shown.label}.")
            return
        self.stdout.write(f"{shown.label.capitalize()}:")
        for line in table(DIMENSIONS[dimension].label.lower(), rows, total(shown)):
            self.stdout.write(line)
