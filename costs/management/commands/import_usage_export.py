"""Compare a provider's usage export with the ledger."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from costs.errors import CostError
from costs.management.times import moment
from costs.reconciling import AlreadyImported, Difference, Outcome, import_export

USAGE = 2
SHOWN = 50


class Command(BaseCommand):
    help = (
        "Import a provider's usage export: settles unknown calls and compares to the cent; exits 0 "
        "if all is the same, 1 if a cent or more differs, 2 if the file can't be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, or a JSON report of the provider")
        parser.add_argument(
            "--from", dest="from_at", type=moment,
            help="the file has all calls sent from this day or moment on",
        )  # fmt: skip
        parser.add_argument(
            "--until", dest="until_at", type=moment, help="and before this day or moment"
        )

    def handle(
        self, *args: Any, file: Path, from_at: datetime | None, until_at: datetime | None,
        **options: Any,
    ) -> None:  # fmt: skip
        try:
            outcome = import_export(
                file.read_bytes(), name=file.name, from_at=from_at, until_at=until_at
            )
        except OSError as error:
            raise CommandError(
                f"{file} can't be read: {error.strerror}.", returncode=USAGE
            ) from error
        except AlreadyImported as error:
            self.stdout.write(str(error))
            return
        except CostError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        self.stdout.write("\n".join(_told(outcome)))
        sys.exit(0 if outcome.is_same else 1)


def _told(outcome: Outcome) -> list[str]:
    export = outcome.export
    counts = ", ".join(f"{count} {match}" for match, count in sorted(outcome.matches.items()))
    lines = [f"{export.provider}, {_here(export.from_at)} to {_here(export.until_at)}: {counts}"]
    if outcome.written_off:
        lines.append(f"{outcome.written_off} unknown calls weren't billed")
    if outcome.differences:
        lines.append(f"{'line':>8}  {'billed':>18} {'ledger':>18}  what")
    lines += [_row(one) for one in outcome.differences[:SHOWN]]
    if len(outcome.differences) > SHOWN:
        lines.append(f"and {len(outcome.differences) - SHOWN} more: see Usage exports in the admin")
    for name, usd in (
        ("billed", export.billed_usd),
        ("ledger", export.ledger_usd),
        ("difference", export.billed_usd - export.ledger_usd),
    ):
        lines.append(f"{name:>10} {usd:>14.2f} USD, exactly {_exactly(usd)}")
    return lines


def _row(one: Difference) -> str:
    number = "–" if one.number is None else one.number
    kind = f"{one.model}{' in a batch' if one.is_batch else ''}"
    return (
        f"{number!s:>8}  {_exactly(one.billed_usd):>18} {_exactly(one.ledger_usd):>18}  "
        f"{one.what}: {kind}, {_here(one.at)}"
    )


def _exactly(usd: Decimal) -> str:
    return f"{usd.normalize():f}" if usd else "0"


def _here(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %Z")
