"""manage.py warm_answers: answer what is asked for most, so that nobody waits for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from queries.chain.warming import warm


class Command(BaseCommand):
    help = "Answer what is asked for most again, in the background's way: quick, nice, bounded."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--seconds", type=float, default=300, help="At most so long.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.WARM_ANSWERS:
            raise CommandError(
                "Warming is off, and nothing was counted: set FA_WARM_ANSWERS=yes for the site "
                "and the workers."
            )
        done = warm(import_string(settings.QUERY_HANDLER), seconds=options["seconds"])
        self.stdout.write(
            f"{done.asked} asked, {done.worked_out} worked out anew, {done.cpu_seconds:.1f} s of CPU."
        )
