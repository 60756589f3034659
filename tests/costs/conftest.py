from __future__ import annotations

from collections.abc import Iterator

import pytest

from costs import price_list
from costs.models import Budget


@pytest.fixture
def prices(db: None) -> Iterator[None]:
    """The bundled prices, and nothing kept of another test's."""
    with price_list.BUNDLED.open() as file:
        price_list.load(file)
    yield
    price_list.forget()


@pytest.fixture
def default_budgets(db: None) -> list[Budget]:
    """The firm's 2,000 USD a month, and its categories'; what a migration made gives way."""
    Budget.objects.all().delete()
    scopes = {"firm": 2000, "batch": 1200, "queries": 600, "infrastructure": 200}
    return [
        Budget.objects.create(scope=scope, amount_usd=usd, every="month")
        for scope, usd in scopes.items()
    ]
