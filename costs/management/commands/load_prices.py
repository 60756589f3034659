"""Bring a file of prices into the price list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs import price_list


class Command(BaseCommand):
    help = "Load model prices; the same file again changes nothing, a price in use stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=price_list.BUNDLED,
            help="CSV with the columns of costs/prices.csv, which is the default",
        )  # fmt: skip

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                done = price_list.load(opened)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} isn't UTF-8 text: save it as CSV in UTF-8.") from error
        except price_list.BadPrices as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Prices: {done.added} added, {done.changed} changed, {done.unchanged} as they were."
        )
        for model, at in done.late:
            self.stdout.write(
                f"Calls were made since the new price of {model} began. To settle them at it: "
                f"manage.py reprice --model {model} --from {at:%Y-%m-%d}"
            )
