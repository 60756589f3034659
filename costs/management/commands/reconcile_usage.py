"""Look after calls whose end nobody knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from costs import ledger
from costs.management.times import length
from costs.reconciling import Unresolved, assume_billed, assume_not_billed, unresolved

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Take calls whose worker died for unknown, and list the unknown ones. The provider's "
        "export settles them (import_usage_export); --assume-… does where there is none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dead-after", type=length, default=timedelta(minutes=15),
            help="a call sending for longer has no worker any more: 30m, 24h, 7d (default 15m)",
        )  # fmt: skip
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--assume-billed", action="store_true", help="settle unknown calls at our own count"
        )
        what.add_argument(
            "--assume-not-billed", action="store_true", help="close unknown calls as free"
        )
        parser.add_argument(
            "--older-than", type=length, help="with --assume-…: only calls older than this"
        )

    def handle(
        self, *args: Any, dead_after: timedelta, assume_billed: bool, assume_not_billed: bool,
        older_than: timedelta | None, **options: Any,
    ) -> None:  # fmt: skip
        if (assume_billed or assume_not_billed) and older_than is None:
            raise CommandError(
                "Say from what age on: --older-than 48h. Younger calls may still be on the next "
                "export.",
                returncode=2,
            )
        swept = ledger.sweep(dead_after)
        self.stdout.write(f"{swept} calls had lost their worker and are unknown now.")
        if older_than is not None:
            self._assume(older_than, is_billed=assume_billed, is_free=assume_not_billed)
        self._list(unresolved())

    def _assume(self, older_than: timedelta, *, is_billed: bool, is_free: bool) -> None:
        if is_billed:
            self.stdout.write(f"{assume_billed(older_than)} taken for billed, at our own count.")
        elif is_free:
            self.stdout.write(f"{assume_not_billed(older_than)} taken for not billed.")
        else:
            raise CommandError(
                "--older-than goes with --assume-billed or --assume-not-billed.", returncode=2
            )

    def _list(self, rows: list[Unresolved]) -> None:
        usd = sum(one.record.cost_usd for one in rows)
        self.stdout.write(f"{len(rows)} unknown, taken for {usd:.4f} USD.")
        for one in rows[:SHOWN]:
            record = one.record
            self.stdout.write(
                f"{record.pk:>8} {_age(one.age):>8} {record.provider} {record.model}"
                f"{' in a batch' if record.is_batch else ''}, {record.error}, "
                f"{record.tokens.prompt:,} tokens, {record.cost_usd:.6f} USD, sent "
                f"{timezone.localtime(record.sent_at):%Y-%m-%d %H:%M:%S %Z}"
            )
        if len(rows) > SHOWN:
            self.stdout.write(f"and {len(rows) - SHOWN} more: see Usage records in the admin")


def _age(age: timedelta) -> str:
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    return f"{hours // 24}d {hours % 24}h" if hours >= 48 else f"{hours}h {minutes:02}m"
