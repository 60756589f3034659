from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from costs import price_list
from llm import limits, routing, shared
from tests.vendors import ModelSite, serving_models


@pytest.fixture
def site(transactional_db: None, settings: Any) -> Iterator[ModelSite]:
    """Both providers set up and priced, nothing known of them yet."""
    with serving_models() as serving:
        settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "sk-test-key"
        settings.ANTHROPIC_BASE_URL = serving.anthropic_url
        settings.OPENAI_BASE_URL = serving.openai_url
        settings.LLM_CIRCUIT_SECONDS = 0.5
        _as_new()
        with price_list.BUNDLED.open() as file:
            price_list.load(file)
        yield serving
        assert serving.failures == []
    _as_new()


def _as_new() -> None:
    client = shared.client()
    if names := list(client.scan_iter(shared.key("*", "*"))):
        client.delete(*names)
    shared.back()
    limits.forget()
    routing.forget()
    price_list.forget()
