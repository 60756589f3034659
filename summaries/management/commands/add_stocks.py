"""Add stocks that the list doesn't have, by their tickers, as EDGAR knows them."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from summaries.batches.choosing import words
from summaries.ingest import connections
from summaries.ingest.listing import add_stocks
from summaries.sources.errors import SourceError


class Command(BaseCommand):
    help = "Add stocks by ticker from EDGAR's list; exits 1 if one could not be added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tickers", help="separated by commas: PLTR,CRWD")

    def handle(self, *args: Any, tickers: str, **options: Any) -> None:
        asked = words(tickers)
        if not asked:
            raise CommandError("No ticker is named. Write add_stocks PLTR,CRWD.", returncode=2)
        try:
            found = add_stocks(asked, connections.edgar())
        except SourceError as error:
            raise CommandError(str(error)) from error
        for one in found:
            if one.problem:
                self.stderr.write(one.problem)
            elif one.stock:
                self.stdout.write(f"{one.ticker}: CIK {one.stock.cik}, {one.stock.name}")
        sys.exit(int(any(one.problem for one in found)))
