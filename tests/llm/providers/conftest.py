"""Loopback vendors, and settings that point at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.llm.providers.asks import asked_at
from tests.vendors import ModelSite, serving_models


@pytest.fixture
def site() -> Iterator[ModelSite]:
    with (
        serving_models() as served,
        asked_at(served.anthropic_url, served.openai_url),
    ):
        yield served
    assert served.failures == []
