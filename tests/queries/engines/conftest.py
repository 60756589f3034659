from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User

from summaries.loading import load_bundle_file, load_listings
from summaries.models import Document, Stock
from summaries.sources.bundle import listings
from tests.doors import new_door
from tests.factories import (
    filing_html,
    make_fact,
    make_filing,
    make_filing_document,
    make_stock,
    make_user,
)
from tests.vendors import ModelSite, Seen, serving_models


@pytest.fixture(autouse=True)
def _without_models(settings: Any) -> None:
    """Vectors that need no weights, and no model but a test's own."""
    settings.EMBEDDER = "hashing-384"
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = ""


@pytest.fixture
def reader(db: None) -> User:
    return make_user("anna", "advisor")


class Model:
    """What the loopback model writes, and what it was shown."""

    def __init__(self) -> None:
        self.says: Callable[[Seen], str] = lambda seen: "The sources don't say."
        self.seen: list[Seen] = []

    def __call__(self, seen: Seen) -> str:
        self.seen.append(seen)
        return self.says(seen)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def site(db: None, settings: Any, model: Model) -> Iterator[ModelSite]:
    """Both providers' loopback servers, priced; their models write what ``model`` says."""
    with new_door(), serving_models(author=model) as serving:
        settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "sk-test-key"
        settings.ANTHROPIC_BASE_URL = serving.anthropic_url
        settings.OPENAI_BASE_URL = serving.openai_url
        yield serving
        assert serving.failures == []


def load(*tickers: str) -> list[Stock]:
    bundle = configured.BUNDLE_DIR
    listed = [row for row in listings(bundle / "universe.csv") if row.ticker in tickers]
    load_listings(listed)
    for row in listed:
        load_bundle_file(bundle / "facts" / f"CIK{row.cik:010}.csv.gz")
    return [Stock.objects.get(ticker=one) for one in tickers]


@pytest.fixture
def apple(db: None) -> Stock:
    return load("AAPL")[0]


def with_figures(ticker: str, name: str, *figures: tuple[int, int, int]) -> Stock:
    """``figures``: year, revenue and net income in billions."""
    stock = make_stock(ticker, name=name)
    for number, revenue, income in figures:
        filing = make_filing(
            stock, year=number, accepted_at=datetime(number + 1, 2, 14, 12, tzinfo=UTC)
        )
        make_fact(filing, revenue * 10**9)
        make_fact(filing, income * 10**9, concept="us-gaap:NetIncomeLoss")
    return stock


@pytest.fixture
def acme(db: None) -> Stock:
    return with_figures("ACME", "Acme Corp", (2022, 100, 20), (2023, 115, 18), (2024, 130, 25))


RISK = "Our supply chain depends on a single harbour in the north of the country."


def a_filing(stock: Stock, *paragraphs: str) -> Document:
    """An annual report of 2024 that says these things, where search finds them."""
    filing = stock.filings.order_by("period_end").last() or make_filing(stock)
    body = "<p>Annual report of the company on its business and its risks in the year</p>"
    body += "<p><b>Item 1A. Risk Factors</b></p>" + "".join(f"<p>{one}</p>" for one in paragraphs)
    body += "<p><b>Item 7. Management's Discussion and Analysis</b></p><p>See the figures of the year.</p>"
    return make_filing_document(filing, filing_html(body))


@pytest.fixture
def filed(acme: Stock) -> Document:
    return a_filing(acme, RISK, "We compete with many makers of tools in every country.")
