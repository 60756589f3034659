"""Worker processes: Dramatiq over Valkey, each with a database pool of its own."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fa_site.broker import PROCESSES
from fa_site.processes import end_with_starter

THREADS = 2
SHUTDOWN_MS = 10_000


class Command(BaseCommand):
    help = "Run worker processes until interrupted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=PROCESSES)
        parser.add_argument("--threads", type=int, default=THREADS, help="in each process")

    def handle(self, *args: Any, processes: int, threads: int, **options: Any) -> None:
        end_with_starter()
        # A new program, not this process: forks of it must not share what Django opened here.
        arguments = [
            sys.executable, "-m", "dramatiq", "django_dramatiq.setup", "summaries.tasks",
            "queries.tasks",
            "--processes", str(processes), "--threads", str(threads),
            "--worker-shutdown-timeout", str(SHUTDOWN_MS),
        ]  # fmt: skip
        os.execv(sys.executable, arguments)  # noqa: S606
