from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as configured

from summaries.loading import load_bundle_file, load_listings
from summaries.models import Stock
from summaries.sources.bundle import listings


@pytest.fixture(autouse=True)
def _hashing(settings: Any) -> None:
    """Vectors that need no weights."""
    settings.EMBEDDER = "hashing-384"


@pytest.fixture
def giants(db: None) -> dict[str, Stock]:
    """Apple and Microsoft with their facts; the names of others with them."""
    rows = [
        row
        for row in listings(configured.BUNDLE_DIR / "universe.csv")
        if row.ticker in ("AAPL", "MSFT", "JPM", "WMT")
    ]
    load_listings(rows)
    for row in rows:
        if row.ticker in ("AAPL", "MSFT"):
            load_bundle_file(configured.BUNDLE_DIR / "facts" / f"CIK{row.cik:010}.csv.gz")
    return {one.ticker: one for one in Stock.objects.all()}
