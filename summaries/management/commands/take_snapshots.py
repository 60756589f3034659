"""Take sector snapshots: what companies are compared with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from summaries.benchmarking import ensure_snapshots


class Command(BaseCommand):
    help = (
        "Take the sector snapshots that are missing, or with --refresh all whose figures changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--refresh", action="store_true", help="also where a sector has one already"
        )

    def handle(self, *args: Any, refresh: bool, **options: Any) -> None:
        new = ensure_snapshots(refresh=refresh)
        self.stdout.write(
            f"{new} new sector snapshots. Next: manage.py run_batch" if new else "Nothing changed."
        )
