from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import anthropic
import openai
import pytest

from tests.vendors import ModelSite, serving_models

Anthropics = Callable[..., anthropic.Anthropic]
OpenAIs = Callable[..., openai.OpenAI]


@pytest.fixture
def site() -> Iterator[ModelSite]:
    with serving_models() as serving:
        yield serving
        assert serving.failures == []


@pytest.fixture
def claude() -> Iterator[Anthropics]:
    """Makes strict clients for an address, closed when the test is over."""
    with contextlib.ExitStack() as made:

        def make(url: str, retries: int = 0, seconds: float = 20) -> anthropic.Anthropic:
            client = anthropic.Anthropic(
                base_url=url,
                api_key="fake",
                max_retries=retries,
                timeout=seconds,
                _strict_response_validation=True,
            )
            return made.enter_context(client)

        yield make


@pytest.fixture
def gpt() -> Iterator[OpenAIs]:
    """Makes clients for an address, closed when the test is over. Strict ones can't read the
    embeddings that the SDK asks for by default: they look before it decodes them."""
    with contextlib.ExitStack() as made:

        def make(
            url: str, retries: int = 0, seconds: float = 20, strict: bool = True
        ) -> openai.OpenAI:
            client = openai.OpenAI(
                base_url=url,
                api_key="fake",
                max_retries=retries,
                timeout=seconds,
                _strict_response_validation=strict,
            )
            return made.enter_context(client)

        yield make
