from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from summaries.batches import start_run
from summaries.loading import load_bundle_file, load_listings
from summaries.models import BatchItem, BatchRun, Stock
from summaries.sources.bundle import listings
from tests.batch.site import Site


def load(*tickers: str) -> list[Stock]:
    """Real companies with their facts."""
    listed = [
        row for row in listings(settings.BUNDLE_DIR / "universe.csv") if row.ticker in tickers
    ]
    load_listings(listed)
    for row in listed:
        load_bundle_file(settings.BUNDLE_DIR / "facts" / f"CIK{row.cik:010}.csv.gz")
    return list(Stock.objects.filter(ticker__in=tickers).order_by("ticker"))


@pytest.fixture
def apple(db: None) -> Stock:
    return load("AAPL")[0]


@pytest.fixture
def companies(db: None) -> list[Stock]:
    return load("AAPL", "LPA")


@pytest.fixture
def item(apple: Stock) -> BatchItem:
    run, _ = start_run(stocks=[apple], trigger=BatchRun.Trigger.COMMAND)
    return run.items.get()


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    made: list[Site] = []

    def make(name: str) -> Site:
        made.append(Site(tmp_path / name))
        return made[-1]

    yield make
    for site in made:
        site.close()
