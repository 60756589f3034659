"""Compute calls anew by the prices now on file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from costs.errors import CostError
from costs.management.times import moment
from costs.repricing import Which, reprice


class Command(BaseCommand):
    help = "Settle the calls of a model anew at the prices now on file; budgets follow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", required=True, help="as on the price list")
        parser.add_argument(
            "--from", dest="from_at", type=moment, required=True, help="sent from this day on"
        )
        parser.add_argument(
            "--until", dest="until_at", type=moment, help="and before this day; by default now"
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only tell")

    def handle(
        self, *args: Any, model: str, from_at: datetime, until_at: datetime | None, dry_run: bool,
        **options: Any,
    ) -> None:  # fmt: skip
        until_at = until_at or timezone.now()
        if until_at <= from_at:
            raise CommandError("--until must be later than --from.", returncode=2)
        try:
            done = reprice(Which(model, from_at, until_at), is_dry=dry_run)
        except CostError as error:
            raise CommandError(str(error)) from error
        would = "would change" if dry_run else "changed"
        self.stdout.write(
            f"{model}: {done.records} calls, {done.changed} {would}\n"
            f"before {done.before_usd.normalize():f} USD\n"
            f"after  {done.after_usd.normalize():f} USD"
        )
