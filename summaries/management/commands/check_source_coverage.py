"""What share of the stocks each source covers, what is stale, and why."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from summaries.batches.choosing import UnknownTickers, chosen, words
from summaries.ingest.coverage import Coverage, coverage
from summaries.models import Source, Stock

USAGE = 2
SHOWN = 10


class Command(BaseCommand):
    help = "Check each source's coverage against its target; exits 1 where one falls short."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--tickers", help="of these stocks, separated by commas")
        which.add_argument(
            "--all",
            action="store_true",
            dest="listed",
            help="of all listed stocks, not only those with facts",
        )
        parser.add_argument("--json", action="store_true", help="for machines, every gap listed")

    def handle(
        self,
        *args: Any,
        tickers: str | None,
        listed: bool,
        json: bool,
        **options: Any,
    ) -> None:
        try:
            stocks = Stock.objects.all() if listed else chosen(words(tickers) if tickers else None)
        except UnknownTickers as error:
            raise CommandError(str(error), returncode=USAGE) from error
        found = coverage(stocks)
        if json:
            self.stdout.write(_json(found))
        else:
            for one in found:
                self._tell(one)
        sys.exit(int(not all_well(found)))

    def _tell(self, one: Coverage) -> None:
        name = Source(one.source).label
        verdict = "ok" if one.well else "short"
        self.stdout.write(
            f"{name:<11} {one.covered}/{one.stocks} stocks ({one.share:.0%}; target {one.target:.0%}) "
            f"{verdict}" + ("" if one.is_configured else "; not set up")
        )
        if one.failing:
            self.stdout.write(f"  {one.failing} things of {name} have an error noted")
        why = Counter(gap.why for gap in one.gaps)
        for reason, count in why.most_common(SHOWN):
            named = [gap.ticker for gap in one.gaps if gap.why == reason][:5]
            more = ", …" if count > 5 else ""
            self.stdout.write(f"  {count} × {reason}: {', '.join(named)}{more}")
        if len(why) > SHOWN:
            self.stdout.write(f"  and {len(why) - SHOWN} more reasons; see --json")


def all_well(found: list[Coverage]) -> bool:
    return all(one.well for one in found)


def _json(found: list[Coverage]) -> str:
    return json.dumps(
        [
            {
                "source": one.source, "covered": one.covered, "stocks": one.stocks,
                "share": str(round(one.share, 4)), "target": str(one.target), "ok": one.well,
                "configured": one.is_configured, "failing": one.failing,
                "gaps": [
                    {
                        "ticker": gap.ticker, "why": gap.why,
                        "since": gap.since.isoformat() if gap.since else None,
                    }
                    for gap in one.gaps
                ],
            }
            for one in found
        ],
        indent=1,
    )  # fmt: skip
