from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as configured

from summaries.loading import load_bundle_file, load_listings
from summaries.models import Stock
from summaries.sources.bundle import listings
from tests.doors import new_door
from tests.vendors import ModelSite, serving_models
from tests.vendors.summariser import Summariser


@pytest.fixture
def model() -> Summariser:
    return Summariser()


@pytest.fixture
def site(db: None, settings: Any, model: Summariser) -> Iterator[ModelSite]:
    """Anthropic's loopback server, priced; its models write what ``model`` does."""
    with new_door(), serving_models(author=model) as serving:
        settings.ANTHROPIC_API_KEY, settings.OPENAI_API_KEY = "sk-test-key", ""
        settings.ANTHROPIC_BASE_URL = serving.anthropic_url
        settings.OPENAI_BASE_URL = serving.openai_url
        settings.WRITER = "auto"
        yield serving
        assert serving.failures == []


def load(*tickers: str) -> list[Stock]:
    """Bundled companies with their facts; all of them where none is named."""
    bundle = configured.BUNDLE_DIR
    held = {path.name[3:13] for path in (bundle / "facts").glob("CIK*.csv.gz")}
    listed = [
        row
        for row in listings(bundle / "universe.csv")
        if (row.ticker in tickers if tickers else f"{row.cik:010}" in held)
    ]
    load_listings(listed)
    for row in listed:
        load_bundle_file(bundle / "facts" / f"CIK{row.cik:010}.csv.gz")
    return list(Stock.objects.covered().order_by("ticker"))


@pytest.fixture
def apple(db: None) -> Stock:
    return load("AAPL")[0]


@pytest.fixture
def only_openai(site: ModelSite, settings: Any) -> Callable[[], None]:
    def change() -> None:
        settings.ANTHROPIC_API_KEY, settings.OPENAI_API_KEY = "", "sk-test-key"

    return change


@pytest.fixture
def companies(db: None) -> list[Stock]:
    """Few, of several trades, and one with a loss."""
    return load("AAPL", "BA", "JPM", "LPA", "V")
