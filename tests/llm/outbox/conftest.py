from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from llm import routing
from tests.doors import new_door
from tests.vendors import ModelSite, serving_models


@pytest.fixture
def site(transactional_db: None, settings: Any) -> Iterator[ModelSite]:
    """Both providers set up and priced, nothing known of them yet; Anthropic comes first."""
    with new_door(), serving_models() as serving:
        settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "sk-test-key"
        settings.ANTHROPIC_BASE_URL = serving.anthropic_url
        settings.OPENAI_BASE_URL = serving.openai_url
        yield serving
        assert serving.failures == []


@pytest.fixture(params=["anthropic", "openai"])
def provider(request: pytest.FixtureRequest, site: ModelSite, settings: Any) -> str:
    """The only one in use."""
    other = {"anthropic": "OPENAI_API_KEY", "openai": "ANTHROPIC_API_KEY"}[request.param]
    setattr(settings, other, "")
    routing.forget()
    return str(request.param)
