from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors import new_door
from tests.vendors import ModelSite, serving_models


@pytest.fixture
def site(transactional_db: None, settings: Any) -> Iterator[ModelSite]:
    """Both providers set up and priced, nothing known of them yet."""
    with new_door(), serving_models() as serving:
        settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "sk-test-key"
        settings.ANTHROPIC_BASE_URL = serving.anthropic_url
        settings.OPENAI_BASE_URL = serving.openai_url
        settings.LLM_CIRCUIT_SECONDS = 0.5
        yield serving
        assert serving.failures == []
