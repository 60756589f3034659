"""The weekly batch and the ingests at their times, and those that were asked for on a page."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fa_site import services
from fa_site.broker import Crew
from fa_site.processes import end_with_starter
from summaries.batches import NoStocks, report
from summaries.batches.choosing import concurrency
from summaries.batches.driving import OUTAGES, TICK_SECONDS, Driver, Outage, ServicesAway
from summaries.batches.interruption import Interruption, interruptible
from summaries.batches.progress import Progress
from summaries.batches.runs import Run
from summaries.batches.schedule import BadSchedule, next_slot, start_due, unattended
from summaries.batches.screen import Screen
from summaries.batches.waiting import Waiting
from summaries.ingest.progress import IngestProgress
from summaries.ingest.schedule import next_ingest, start_due_ingests, unattended_ingests
from summaries.models import BatchRun
from summaries.tasks import (
    forget_replies,
    ingest_item,
    keep_accounts,
    summarise_item,
    write_experiments,
)

LOOK_SECONDS = 2.0
HOUSE_SECONDS = 60.0
# Companies of an ingest at once.
CONCURRENCY = 4


class Command(BaseCommand):
    help = (
        "Run the weekly batch (FA_WEEKLY_SCHEDULE) and the ingests (FA_INGEST_SCHEDULE) at their "
        "times, and those asked for on a page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now and end, for cron or Kubernetes"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        end_with_starter()
        try:
            batch, ingest = timezone.localtime(next_slot()), timezone.localtime(next_ingest())
        except BadSchedule as error:
            raise CommandError(str(error), returncode=2) from error
        with interruptible() as interruption:
            crew = Crew(concurrency())
            attended = Attended(self, crew, interruption)
            try:
                if once:
                    sys.exit(self._once(attended, interruption))
                self.stdout.write(f"Next weekly batch: {batch:%A %d %B %Y %H:%M %Z}.")
                self.stdout.write(f"Next ingest of the sources: {ingest:%A %d %B %Y %H:%M %Z}.")
                self._loop(attended, interruption)
            finally:
                crew.stop()

    def _once(self, attended: Attended, interruption: Interruption) -> int:
        attended.look()
        if not attended.drivers:
            self.stdout.write("Nothing is due.")
            return 0
        try:
            while attended.drivers and not interruption.wait(TICK_SECONDS):
                attended.step()
        except ServicesAway as error:
            raise CommandError(f"The database or Valkey stayed away ({error}).") from error
        return interruption.exit_code if attended.drivers else int(not attended.well)

    def _loop(self, attended: Attended, interruption: Interruption) -> None:
        outage, until_look = Outage(services.revive), 0.0
        while not interruption.wait(TICK_SECONDS if attended.drivers else LOOK_SECONDS):
            try:
                until_look -= TICK_SECONDS if attended.drivers else LOOK_SECONDS
                if until_look <= 0:
                    attended.look()
                    until_look = LOOK_SECONDS
                    attended.keep_house()
                attended.step()
                outage.over()
            except ServicesAway:
                continue  # a scheduler stays, however long the others are away
            except OUTAGES as error:
                try:
                    outage.wait(error, interruption)
                except ServicesAway:
                    outage.over()


class Attended:
    """The runs that no command waits for, each with a driver, side by side."""

    def __init__(self, command: Command, crew: Crew, interruption: Interruption) -> None:
        self.command, self.crew, self.interruption = command, crew, interruption
        self.screen = Screen(command.stdout)
        self.drivers: dict[str, Driver] = {}
        self.well = True
        self._kept_house = float("-inf")

    def look(self) -> None:
        """Start what is due, and take on what nobody drives yet."""
        try:
            start_due()
        except NoStocks as error:
            self.command.stderr.write(str(error))
        start_due_ingests()
        for run in self._unattended():
            if str(run) not in self.drivers:
                self.drivers[str(run)] = self._driver(run)

    def keep_house(self) -> None:
        """Have the workers do what is due of accounts, kept answers and exposures, each minute."""
        if time.monotonic() - self._kept_house < HOUSE_SECONDS:
            return
        self._kept_house = time.monotonic()
        keep_accounts.send()
        forget_replies.send()
        write_experiments.send()

    def step(self) -> None:
        for name, driver in list(self.drivers.items()):
            if driver.step():
                del self.drivers[name]
                self.screen.close()
                self._tell(driver.run)
        if not self.drivers:
            self.crew.stop()

    def _unattended(self) -> Iterator[Run]:
        if batch := unattended():
            yield batch
        yield from unattended_ingests()

    def _driver(self, run: Run) -> Driver:
        is_batch = isinstance(run, BatchRun)
        return Driver(
            run=run,
            concurrency=run.concurrency if isinstance(run, BatchRun) else CONCURRENCY,
            send=summarise_item.send if is_batch else ingest_item.send,
            keep_workers=self.crew.keep,
            revive=services.revive,
            watch=self.screen.show,
            stopping=self.interruption,
            measure=Progress.of if is_batch else IngestProgress.of,
            aside=Waiting(run).look if isinstance(run, BatchRun) else lambda: None,
        )

    def _tell(self, run: Run) -> None:
        if isinstance(run, BatchRun):
            result = report(run)
            line, well = result.totals(), result.well
        else:
            progress = IngestProgress.of(run)
            line, well = progress.line(), progress.well
        self.well = self.well and well
        self.command.stdout.write(f"{run}: {line}")
