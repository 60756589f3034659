from __future__ import annotations

from typing import Any

import pytest

from summaries.models import Stock
from tests.factories import make_stock


@pytest.fixture(autouse=True)
def _hashing(settings: Any) -> None:
    """Vectors that need no weights."""
    settings.EMBEDDER = "hashing-384"


@pytest.fixture
def stock(db: None) -> Stock:
    return make_stock("ACME")


@pytest.fixture
def other(db: None) -> Stock:
    return make_stock("BETA")
