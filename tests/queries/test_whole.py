"""A question through everything that stands between it and its answer, nothing in its place."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from rest_framework.test import APIClient

from llm import shared
from queries.models import AnswerCitation, UsagePlan, UserPlan
from summaries.models import Fact
from tests.factories import make_fact, make_filing, make_stock, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db: None, settings: Any) -> list[Fact]:
    settings.EMBEDDER = "hashing-384"
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = ""
    stock = make_stock("ACME", name="Acme Corp")
    return [
        make_fact(make_filing(stock, year=year), revenue * 10**9)
        for year, revenue in ((2022, 100), (2023, 115), (2024, 130))
    ]


@pytest.fixture
def api(anna: User, acme: list[Fact]) -> APIClient:
    cache.clear()
    client = shared.client()
    if names := list(client.scan_iter(shared.key("queries", "*"))):
        client.delete(*names)
    return APIClient(headers={"authorization": f"Token {make_token(anna)}"})


def asked(api: APIClient, question: str, status: int = 200, **more: Any) -> Any:
    response = api.post("/api/v1/queries/", {"question": question, **more}, format="json")
    assert response.status_code == status, response.content
    return response


@pytest.mark.django_db(transaction=True)
def test_from_facts_to_the_cache(api: APIClient, acme: list[Fact]) -> None:
    first = asked(api, "What was Acme's revenue in 2024?")
    told = first.json()
    assert (told["state"], told["depth"], told["is_cached"]) == ("answered", "quick", False)
    (claim,) = told["answer"]["claims"]
    assert claim["verdict"] == "supported"
    assert "$130.0bn" in claim["text"]
    cited = AnswerCitation.objects.filter(query=told["id"]).values_list("fact", flat=True)
    assert acme[2].pk in set(cited)
    left = int(first["RateLimit-Remaining"])
    again = asked(api, "what was acme's revenue in 2024")
    assert again.json()["is_cached"]
    assert again.json()["answer"]["claims"] == told["answer"]["claims"]
    assert int(again["RateLimit-Remaining"]) == left - 1
    # A newer filing of the company: what was kept is of another time.
    make_fact(make_filing(acme[0].stock, year=2025), 150 * 10**9)
    assert not asked(api, "What was Acme's revenue in 2024?").json()["is_cached"]


def test_a_follow_up_goes_on(api: APIClient) -> None:
    first = asked(api, "What was the revenue of ACME in 2024?").json()
    next_ = asked(api, "And the year before?", conversation=first["conversation"]).json()
    assert "$115.0bn" in next_["answer"]["text"]


def test_advice_is_declined_and_turned_to_facts(api: APIClient) -> None:
    told = asked(api, "Should I buy Acme Corp?").json()
    assert told["state"] == "declined"
    assert "$130.0bn" in told["answer"]["text"]


def test_a_plan_bounds_what_is_asked(api: APIClient, anna: User) -> None:
    plan = UsagePlan.objects.create(
        name="two",
        requests_a_minute=2,
        requests_a_day=10,
        at_once=1,
        depths=["quick"],
        conversation_days=30,
    )
    UserPlan.objects.update_or_create(user=anna, defaults={"plan": plan})
    refused = asked(api, "What was Acme's revenue?", depth="deep").json()
    assert refused["refusal"]["code"] == "not_in_plan"
    # Left to the question, it is answered as deep as the plan goes.
    words = "How do research and the filings of ACME differ on prices?"
    assert asked(api, words).json()["depth"] == "quick"
    asked(api, "What was Acme's revenue?")
    response = asked(api, "What was Acme's revenue?", 429)
    assert response["RateLimit-Remaining"] == "0"
    assert 0 < int(response["Retry-After"]) <= 61
