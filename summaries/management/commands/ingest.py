"""Bring what the sources have into the tables, on the workers, and wait until it is done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.db.models import Count, IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from fa_site import services
from fa_site.broker import Crew
from summaries.batches.choosing import UnknownTickers, chosen, words
from summaries.batches.driving import Driver
from summaries.batches.interruption import Interruption, interruptible
from summaries.batches.screen import Screen
from summaries.ingest import NothingToIngest, start_ingest
from summaries.ingest.connections import configured
from summaries.ingest.progress import IngestProgress
from summaries.management.commands.run_batch import check_usage, to_the_end
from summaries.models import IngestItem, IngestRun, Source, SourceItem
from summaries.tasks import ingest_item

USAGE = 2
SHOWN = 20
_VARIABLES = {
    Source.EDGAR: "FA_EDGAR_USER_AGENT",
    Source.BLUEMATRIX: "FA_BLUEMATRIX_FOLDER or FA_BLUEMATRIX_URL",
    Source.FACTSET: "FA_FACTSET_USER and FA_FACTSET_KEY, or FA_FACTSET_OAUTH",
}


class Command(BaseCommand):
    help = (
        "Ingest from EDGAR, BlueMatrix and FactSet; exits 0 if all is well, 1 if something failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source", action="append", choices=[one.value for one in Source],
            help="this source (may be said again); by default all that are set up",
        )  # fmt: skip
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--tickers", help="EDGAR: these stocks, separated by commas")
        which.add_argument("--limit", type=int, help="EDGAR: the first so many stocks")
        parser.add_argument("--concurrency", type=int, default=4, help="stocks in work at once")
        parser.add_argument("--quiet", action="store_true", help="speak only of what went wrong")

    def handle(
        self, *args: Any, source: list[str] | None, tickers: str | None, limit: int | None,
        concurrency: int, quiet: bool, **options: Any,
    ) -> None:  # fmt: skip
        check_usage(tickers, limit, concurrency)
        runs = self._start(_sources(source), tickers, limit)
        screen, crew = Screen(self.stdout, quiet=quiet), Crew(concurrency)
        with interruptible() as interruption:
            try:
                drivers = [_driver(run, concurrency, screen, interruption, crew) for run in runs]
                finished = to_the_end(drivers, screen)
            finally:
                crew.stop()
        if not finished:
            self.stderr.write("Stopped. Run the same command again to go on.")
            sys.exit(interruption.exit_code)
        sys.exit(max(self._tell(run, quiet) for run in runs))

    def _start(
        self, sources: Sequence[str], tickers: str | None, limit: int | None
    ) -> list[IngestRun]:
        try:
            stocks = chosen(words(tickers) if tickers is not None else None, limit)
            return [
                start_ingest(source=one, stocks=stocks, trigger=IngestRun.Trigger.COMMAND)[0]
                for one in sources
            ]
        except UnknownTickers as error:
            raise CommandError(str(error), returncode=USAGE) from error
        except NothingToIngest as error:
            raise CommandError(str(error)) from error
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error

    def _tell(self, run: IngestRun, quiet: bool) -> int:
        progress = IngestProgress.of(run)
        if not quiet or not progress.well:
            self.stdout.write(f"{run}: {progress.line()}")
            if run.source == Source.EDGAR:
                self.stdout.write(f"  {held(run)}")
        for line in failures(run):
            self.stderr.write(line)
        return int(not progress.well)


def _sources(asked: list[str] | None) -> list[str]:
    named = configured()
    if missing := [one for one in asked or () if one not in named]:
        wanted = "; ".join(f"{Source(one).label}: set {_VARIABLES[Source(one)]}" for one in missing)
        raise CommandError(f"Not set up. {wanted} (docs/settings.md).", returncode=USAGE)
    if not named:
        wanted = "; ".join(f"{one.label}: {_VARIABLES[one]}" for one in Source)
        raise CommandError(
            f"No source is set up. Set {wanted} (docs/settings.md).", returncode=USAGE
        )
    return list(dict.fromkeys(asked or named))


def _driver(
    run: IngestRun, concurrency: int, screen: Screen, interruption: Interruption, crew: Crew
) -> Driver:
    return Driver(
        run=run,
        concurrency=concurrency,
        send=ingest_item.send,
        keep_workers=crew.keep,
        revive=services.revive,
        watch=screen.show,
        stopping=interruption,
        measure=IngestProgress.of,
    )


_COUNTED = ("sections", "tables", "tagged", "printed")


def held(run: IngestRun) -> str:
    """What is held of the run's companies: filings, and what was found in them."""
    items = SourceItem.objects.filter(
        source=run.source, stock__in=run.items.values("stock"), state=SourceItem.State.STORED
    ).exclude(kind__in=("list", "facts"))
    found = items.aggregate(
        filings=Count("pk"),
        **{name: Sum(Cast(KT(f"about__{name}"), IntegerField())) for name in _COUNTED},
    )
    return (
        "{filings} filings held: {sections} sections, {tables} tables, {printed} of {tagged} tagged "
        "values tied to their place in the text".format(
            **{name: value or 0 for name, value in found.items()}
        )
    )


def failures(run: IngestRun) -> list[str]:
    """What went wrong, a line each: parts of the run first, then the things that we lack."""
    parts = run.items.filter(state=IngestItem.State.FAILED).select_related("stock")
    lines = [f"{one.stock or run.get_source_display()} failed: {one.message}" for one in parts]
    lacking = SourceItem.objects.filter(source=run.source).exclude(error="")
    lacking = (
        lacking.filter(stock__in=run.items.values("stock"))
        if run.source == Source.EDGAR
        else lacking
    )
    total = lacking.count()
    for one in lacking.select_related("stock").order_by("stock__ticker", "key")[:SHOWN]:
        lines.append(f"{one.stock or ''} {one.kind} {one.key}: {one.error}".strip())
    if total > SHOWN:
        lines.append(f"… and {total - SHOWN} more; the admin lists them under Source items.")
    return lines
