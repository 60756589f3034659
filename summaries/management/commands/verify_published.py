"""Read every published summary again, from the database alone, and name what fails."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from summaries.actions import FailingClaim, reverify
from summaries.batches.choosing import UnknownTickers, chosen, words
from summaries.models import Claim, Summary


class Command(BaseCommand):
    help = "Verify all published summaries anew; exits 1 and names each claim that fails."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickers", help="only these stocks, separated by commas")

    def handle(self, *args: Any, tickers: str | None, **options: Any) -> None:
        try:
            published = (
                Summary.objects.published().select_related("stock").order_by("stock__ticker")
            )
            if tickers is not None:
                published = published.filter(stock__in=chosen(words(tickers)))
            summaries = list(published)
        except UnknownTickers as error:
            raise CommandError(str(error), returncode=2) from error
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        if not summaries:
            raise CommandError("Nothing is published. Run manage.py run_batch first.")
        failing = [one for summary in summaries for one in reverify(summary)]
        for one in failing:
            self.stderr.write(f"{one}\n    “{one.text}”")
        self.stdout.write(_totals(summaries, failing))
        sys.exit(1 if failing else 0)


def _totals(summaries: list[Summary], failing: list[FailingClaim]) -> str:
    claims = Claim.objects.filter(summary__in=summaries).count()
    places = {(one.ticker, one.tier, one.position) for one in failing}
    return f"{len(summaries)} summaries, {claims} claims read again: " + (
        f"{len(places)} do not hold." if failing else "all hold."
    )
