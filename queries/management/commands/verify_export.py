"""Whether an export is whole and as it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from queries.actions.exporting import is_on_record
from queries.chained_lines import Broken, verified


class Command(BaseCommand):
    help = "Check the hash chain of an export, and that the audit trail knows it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            last = verified(file.read_text().splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can't be read: {type(error).__name__}.") from error
        except Broken as error:
            raise CommandError(f"{file} doesn't hold. {error}") from error
        if not is_on_record(last):
            raise CommandError(
                f"{file} holds in itself, but no export that ended so is on the audit trail: it "
                "was made elsewhere, or the whole chain was written anew."
            )
        self.stdout.write(f"{file} is whole, and the audit trail knows it.")
