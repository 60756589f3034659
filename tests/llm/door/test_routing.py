"""Which models, in which order: admin, file, switches, overrides, and the length of the prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from costs import price_list
from llm import routing
from llm.models import Route
from llm.routing import EXTRACTIVE, Rung
from llm.values import Ask, Complexity
from tests.llm.door.asks import an_ask

HAIKU, LUNA = Rung("anthropic", "claude-haiku-5-5"), Rung("openai", "gpt-6-luna")
SONNET = Rung("anthropic", "claude-sonnet-5-5")
TERRA, SOL = Rung("openai", "gpt-6.1-terra"), Rung("openai", "gpt-6-sol")


@pytest.fixture(autouse=True)
def _both_set_up(db: None, settings: Any) -> Iterator[None]:
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "sk-test-key"
    price_list.forget()
    routing.forget()
    with price_list.BUNDLED.open() as file:
        price_list.load(file)
    yield
    routing.forget()
    price_list.forget()


@pytest.mark.parametrize(
    ("complexity", "tokens", "expected"),
    [
        (Complexity.SIMPLE, 100_000, (HAIKU, LUNA)),
        (Complexity.SIMPLE, 100_001, (LUNA,)),
        (Complexity.MODERATE, 100_001, (SONNET, TERRA)),
        (Complexity.COMPLEX, 1_000, (SONNET, SOL)),
        (Complexity.COMPLEX, 272_001, (SONNET,)),
    ],
)
def test_length_skips_models_whose_price_jumps(
    complexity: Complexity, tokens: int, expected: tuple[Rung, ...]
) -> None:
    assert routing.rungs(an_ask(complexity=complexity), tokens) == expected


def test_too_long_for_all_goes_by_price_of_that_length() -> None:
    # Above their bands: luna 0.20, haiku 0.50, terra 2, sonnet 2 (and dearer output), sol 4.
    assert routing.rungs(an_ask(), 300_000) == (LUNA, HAIKU, TERRA, SONNET, SOL)


def test_too_long_with_one_provider(settings: Any) -> None:
    settings.OPENAI_API_KEY = ""
    assert routing.rungs(an_ask(), 150_000) == (HAIKU, SONNET)


def test_extract_comes_last() -> None:
    assert routing.rungs(an_ask(extractive=str), 10) == (HAIKU, LUNA, EXTRACTIVE)


def test_rows_of_a_kind_replace_the_file_for_that_kind() -> None:
    route = Route.objects.create(
        complexity="simple", position=2, provider="openai", model="gpt-6-sol", effort="low"
    )
    Route.objects.create(
        complexity="simple", position=1, provider="anthropic", model="claude-opus-5-5",
        is_enabled=False,
    )  # fmt: skip
    assert routing.rungs(an_ask(), 10) == (Rung("openai", "gpt-6-sol", "low"),)
    assert routing.rungs(an_ask(complexity=Complexity.COMPLEX), 10) == (SONNET, SOL)
    route.delete()
    assert routing.rungs(an_ask(), 10) == ()


def test_override_goes_before_and_may_leave_it() -> None:
    opus = Rung("anthropic", "claude-opus-5-5")

    def override(ask: Ask) -> tuple[Rung, ...] | None:
        return (opus, Rung("nobody", "x")) if ask.purpose.variant == "big/opus" else None

    routing.use_override(override)
    try:
        assert routing.rungs(an_ask(), 10) == (HAIKU, LUNA)
        from dataclasses import replace

        ask = an_ask()
        ask = replace(ask, purpose=replace(ask.purpose, variant="big/opus"))
        assert routing.rungs(ask, 10) == (opus,)
    finally:
        routing.drop_override(override)


def test_nothing_is_asked_of_the_database_for_a_while(
    django_assert_num_queries: Any,
) -> None:
    routing.rungs(an_ask(), 10)
    with django_assert_num_queries(0):
        routing.rungs(an_ask(), 10)
