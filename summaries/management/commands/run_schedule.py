"""The weekly batch at its time, and the batches that were asked for on a page."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fa_site import services
from fa_site.broker import Crew
from fa_site.processes import end_with_starter
from summaries.batches import NoStocks, report
from summaries.batches.driving import OUTAGES, Outage, ServicesAway
from summaries.batches.interruption import Interruption, interruptible
from summaries.batches.schedule import BadSchedule, next_slot, start_due, unattended
from summaries.batches.screen import Screen
from summaries.management.commands.run_batch import see_through
from summaries.models import BatchRun

LOOK_SECONDS = 2.0


class Command(BaseCommand):
    help = "Run the weekly batch at its time (FA_WEEKLY_SCHEDULE), and batches asked for on a page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now and end, for cron or Kubernetes"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        end_with_starter()
        try:
            upcoming = timezone.localtime(next_slot())
        except BadSchedule as error:
            raise CommandError(str(error), returncode=2) from error
        with interruptible() as interruption:
            if once:
                sys.exit(self._once(interruption))
            self.stdout.write(f"Next weekly batch: {upcoming:%A %d %B %Y %H:%M %Z}.")
            self._loop(interruption)

    def _once(self, interruption: Interruption) -> int:
        run = self._due()
        if run is None:
            self.stdout.write("No batch is due.")
            return 0
        return self._see_through(run, interruption)

    def _loop(self, interruption: Interruption) -> None:
        outage = Outage(services.revive)
        while not interruption.wait(LOOK_SECONDS):
            try:
                run = self._due()
                outage.over()
            except OUTAGES as error:
                try:
                    outage.wait(error, interruption)
                except ServicesAway:
                    outage.over()  # a scheduler stays, however long the others are away
                continue
            if run is not None:
                self._see_through(run, interruption)

    def _due(self) -> BatchRun | None:
        try:
            start_due()
        except NoStocks as error:
            self.stderr.write(str(error))
        return unattended()

    def _see_through(self, run: BatchRun, interruption: Interruption) -> int:
        crew = Crew(run.concurrency)
        try:
            finished = see_through(run, run.concurrency, Screen(self.stdout), interruption, crew)
        except CommandError as error:
            self.stderr.write(str(error))
            return 1
        finally:
            crew.stop()
        if not finished:
            return interruption.exit_code
        result = report(run)
        self.stdout.write(f"{run}: {result.totals()}")
        return 0 if result.well else 1
