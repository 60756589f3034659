from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as configured

from summaries.loading import load_bundle_file, load_listings
from summaries.models import Document, Stock
from summaries.sources.bundle import listings
from tests.factories import filing_html, make_fact, make_filing, make_filing_document, make_stock


@pytest.fixture(autouse=True)
def _hashing(settings: Any) -> None:
    """Vectors that need no weights."""
    settings.EMBEDDER = "hashing-384"


@pytest.fixture
def apple(db: None) -> Stock:
    """A real company with its facts; the names of others with it."""
    listed = listings(configured.BUNDLE_DIR / "universe.csv")
    rows = [row for row in listed if row.ticker in ("AAPL", "MSFT")]
    load_listings(rows)
    (row,) = (row for row in rows if row.ticker == "AAPL")
    load_bundle_file(configured.BUNDLE_DIR / "facts" / f"CIK{row.cik:010}.csv.gz")
    return Stock.objects.get(ticker="AAPL")


@pytest.fixture
def acme(db: None) -> Stock:
    """A company with three years of revenue and net income."""
    stock = make_stock("ACME", name="Acme Corp")
    figures = ((2022, 100, 20), (2023, 115, 18), (2024, 130, 25))
    for number, revenue, income in figures:
        filing = make_filing(stock, year=number)
        make_fact(filing, revenue * 10**9)
        make_fact(filing, income * 10**9, concept="us-gaap:NetIncomeLoss")
    return stock


@pytest.fixture
def filed(db: None) -> Document:
    """A company without facts that filed a text and a table."""
    filing = make_filing(
        make_stock("ACME", name="Acme Corp"), accepted_at=datetime(2025, 2, 14, 11, 1, tzinfo=UTC)
    )
    rows = (
        ("", "2024", "2023"),
        ("Hardware", "209,586", "201,183"),
        ("Services", "109,158", "96,169"),
    )
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    body = (
        "<p>Annual report of the company on its business and its risks in the year</p>"
        "<p><b>Item 1A. Risk Factors</b></p>"
        "<p>Our supply chain depends on a single harbour in the north of the country.</p>"
        "<p><b>Item 7. Management's Discussion and Analysis</b></p>"
        "<p>We expect net sales of $110 million in the first quarter of 2025.</p>"
        f"<p>Net sales by category (in millions):</p><table>{cells}</table>"
    )
    return make_filing_document(filing, filing_html(body))
