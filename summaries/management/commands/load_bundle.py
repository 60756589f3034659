"""Load the bundled list of stocks and the bundled facts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from summaries.benchmarking import ensure_snapshots
from summaries.loading import load_bundle_file, load_listings
from summaries.models import Stock
from summaries.sources.bundle import listings
from summaries.sources.companyfacts import MalformedFacts


class Command(BaseCommand):
    help = "Load the bundled stocks and reported facts; quick and harmless when already loaded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tickers", default="", help="only the facts of these, separated by commas"
        )

    def handle(self, *args: Any, tickers: str, **options: Any) -> None:
        wanted = {word.strip().upper() for word in tickers.split(",") if word.strip()}
        universe = settings.BUNDLE_DIR / "universe.csv"
        if not universe.exists():
            raise CommandError(
                f"{universe} is missing. Restore it from the repository, or rebuild it "
                "with manage.py build_bundle."
            )
        try:
            stocks = load_listings(listings(universe))
            loaded = [
                one
                for path in sorted((settings.BUNDLE_DIR / "facts").glob("CIK*.csv.gz"))
                if not wanted or wanted & _tickers(path.name)
                for one in load_bundle_file(path)
            ]
        except MalformedFacts as error:
            raise CommandError(
                f"{error}. Nothing of this file was loaded; restore it from the repository, "
                "or rebuild it with manage.py build_bundle."
            ) from error
        snapshots = ensure_snapshots()
        changed = [one for one in loaded if one.changed]
        self.stdout.write(
            f"{stocks} stocks listed; facts of {len(loaded)} companies, {len(changed)} loaded now "
            f"({sum(one.facts for one in changed)} facts); {snapshots} new sector snapshots"
        )


def _tickers(file_name: str) -> set[str]:
    cik = int(file_name.removeprefix("CIK").partition(".")[0])
    return set(Stock.objects.filter(cik=cik).values_list("ticker", flat=True))
