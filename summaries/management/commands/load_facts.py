"""Load one company's SEC companyfacts JSON."""

from __future__ import annotations

import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from summaries.loading import load_companyfacts
from summaries.sources.companyfacts import MalformedFacts


class Command(BaseCommand):
    help = "Load a companyfacts JSON (plain or .gz) for a ticker; new tickers are added."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ticker")
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", default="", help="the company's name for a new ticker")
        parser.add_argument("--sic", default="", help="its SIC code for a new ticker")

    def handle(
        self, *args: Any, ticker: str, file: Path, name: str, sic: str, **options: Any
    ) -> None:
        try:
            content = file.read_bytes()
            if content[:2] == b"\x1f\x8b":
                content = gzip.decompress(content)
            loaded = load_companyfacts(content, ticker=ticker, name=name, sic=sic)
        except (OSError, EOFError, MalformedFacts, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(
            f"{loaded.ticker}: {loaded.facts} facts of {loaded.filings} filings. "
            f"Next: manage.py run_batch --tickers {loaded.ticker}"
        )
