"""Bring a file of A/B tests in as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from experiments.loading import BadFile, load


class Command(BaseCommand):
    help = "Load A/B tests as drafts; the same file again changes nothing, a started test stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file", type=Path, default=Path(settings.BASE_DIR) / "config" / "ab_tests.yaml",
            help="YAML with metrics and tests; config/ab_tests.yaml is the default",
        )  # fmt: skip

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            done = load(text=file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.", returncode=2) from error
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{file} isn't UTF-8 text: save it as UTF-8.", returncode=2
            ) from error
        except BadFile as error:
            raise CommandError(f"{file}:\n{error}", returncode=2) from error
        self.stdout.write(
            f"A/B tests: {len(done.made)} made, {len(done.changed)} changed, "
            f"{len(done.unchanged)} as they were."
        )
        for key in done.kept:
            self.stdout.write(
                f"{key} was started and stays as it is, though its entry differs. To change its "
                "weights or traffic begin a new phase in the admin; for all else give the entry a "
                "key of its own."
            )
