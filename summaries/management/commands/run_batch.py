"""Summarise and verify stocks on the workers, and wait until it is done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from fa_site import services
from fa_site.broker import Crew
from summaries.authoring import models_write
from summaries.batches import NoStocks, Report, report, start_run
from summaries.batches.choosing import UnknownTickers, chosen, words
from summaries.batches.choosing import concurrency as default_concurrency
from summaries.batches.driving import Driver, ServicesAway, drive_all
from summaries.batches.interruption import Interruption, interruptible
from summaries.batches.screen import Screen
from summaries.batches.waiting import Waiting
from summaries.models import BatchRun
from summaries.tasks import summarise_item

USAGE = 2


class Command(BaseCommand):
    help = "Summarise and verify stocks; exits 0 if all is well, 1 if something is to be looked at."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--tickers", help="these stocks, separated by commas")
        which.add_argument("--limit", type=int, help="the first so many stocks")
        which.add_argument("--all", action="store_true", help="all loaded stocks (the default)")
        parser.add_argument(
            "--concurrency", type=int, help="stocks in work at once (4; 50 where models write)"
        )
        parser.add_argument(
            "--half-price",
            action="store_true",
            help="ask the models by Message Batches: half the price, up to a day",
        )
        parser.add_argument("--quiet", action="store_true", help="speak only of what went wrong")

    def handle(
        self, *args: Any, tickers: str | None, limit: int | None, concurrency: int | None,
        quiet: bool, half_price: bool, **options: Any,
    ) -> None:  # fmt: skip
        concurrency = default_concurrency() if concurrency is None else concurrency
        check_usage(tickers, limit, concurrency)
        if half_price and not models_write():
            raise CommandError(
                "--half-price is for models, and none is set up: set ANTHROPIC_API_KEY or "
                "OPENAI_API_KEY (docs/settings.md).", returncode=USAGE,
            )  # fmt: skip
        try:
            stocks = chosen(words(tickers) if tickers is not None else None, limit)
            run, new = start_run(
                stocks=stocks, trigger=BatchRun.Trigger.COMMAND, concurrency=concurrency,
                at_half_price=half_price,
            )  # fmt: skip
        except UnknownTickers as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except NoStocks as error:
            raise CommandError(str(error)) from error
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        if not new and not quiet:
            self.stdout.write(f"Going on with {run}, started {run.started_at:%Y-%m-%d %H:%M} UTC.")
        screen = Screen(self.stdout, quiet=quiet)
        crew = Crew(concurrency)
        with interruptible() as interruption:
            try:
                if finished := see_through(run, concurrency, screen, interruption, crew):
                    crew.stop(0)  # nothing is in work, so nothing needs time to end
            finally:
                crew.stop()
        if not finished:
            self.stderr.write(f"Stopped. {run} can be resumed: run the same command again.")
            sys.exit(interruption.exit_code)
        sys.exit(self._tell(report(run), run, quiet))

    def _tell(self, result: Report, run: BatchRun, quiet: bool) -> int:
        if not result.well or not quiet:
            self.stdout.write(f"{run}: {result.totals()}")
        for line in result.troubled:
            self.stderr.write(f"{line.ticker} {line.state.replace('_', ' ')}: {line.message}")
        if result.well:
            return 0
        self.stderr.write("Held summaries wait in the admin's review queue.")
        return 1


def check_usage(tickers: str | None, limit: int | None, concurrency: int) -> None:
    if tickers is not None and not words(tickers):
        raise CommandError(
            "--tickers names no ticker. Write --tickers AAPL,MSFT.", returncode=USAGE
        )
    if limit is not None and limit < 1:
        raise CommandError("--limit must be at least 1.", returncode=USAGE)
    if not 1 <= concurrency <= 256:
        raise CommandError("--concurrency must be between 1 and 256.", returncode=USAGE)


def see_through(
    run: BatchRun, concurrency: int, screen: Screen, interruption: Interruption, crew: Crew
) -> bool:
    """Drive the run to its end on the crew. False if interrupted.

    Raises CommandError where a service stays away.
    """
    driver = Driver(
        run=run,
        concurrency=concurrency,
        send=summarise_item.send,
        keep_workers=crew.keep,
        revive=services.revive,
        watch=screen.show,
        stopping=interruption,
        aside=Waiting(run).look,
    )
    return to_the_end([driver], screen)


def to_the_end(drivers: Sequence[Driver], screen: Screen) -> bool:
    """Drive runs to their end. False if interrupted. Raises CommandError where a service stays
    away."""
    try:
        return drive_all(drivers)
    except ServicesAway as error:
        names = " and ".join(str(driver.run) for driver in drivers)
        raise CommandError(
            f"The database or Valkey stayed away ({error}). {names} can be resumed: when they are "
            "back, run the same command again."
        ) from error
    finally:
        screen.close()
