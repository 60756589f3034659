"""An answer that takes long is worked out at a desk, and the request that asked for it waits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from queries import attendance
from queries.api import answering
from queries.models import Query
from tests.batch.site import until
from tests.factories import make_token, make_user
from tests.queries.talks import handlers
from tests.queries.talks.streams import Streams, streams

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("depths")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Streams]:
    with streams(tmp_path_factory.mktemp("streams") / "log") as made:
        yield made


@pytest.fixture
def anna() -> User:
    return make_user("anna", "advisor")


@pytest.fixture
def api(anna: User) -> APIClient:
    cache.clear()
    return APIClient(headers={"authorization": f"Token {make_token(anna)}"})


@pytest.fixture
def only_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*given: Any) -> None:
        raise AssertionError("It is answered in the request's own process.")

    monkeypatch.setattr(answering, "run", refused)
    monkeypatch.setattr(answering, "run_taken", refused)


def asked(
    api: APIClient, depth: str, question: str = "What?", key: str = "", mode: str = "sync"
) -> Any:
    given = {"question": question, "depth": depth, "mode": mode}
    headers = {"idempotency-key": key} if key else {}
    try:
        return api.post("/api/v1/queries/", given, format="json", headers=headers)
    finally:
        connections.close_all()


@pytest.mark.usefixtures("only_elsewhere")
@pytest.mark.parametrize("depth", ["standard", "deep"])
def test_a_desk_answers_and_the_request_waits(site: Streams, api: APIClient, depth: str) -> None:
    until(attendance.is_attended, 60, "the desk is there")
    answer = asked(api, depth)
    assert (answer.status_code, answer.json()["state"]) == (200, "answered")
    assert answer.json()["answer"]["text"] == handlers.FIRST
    assert answer.json()["depth"] == depth


@pytest.mark.usefixtures("only_elsewhere")
def test_a_refusal_of_the_desk_is_the_requests(site: Streams, api: APIClient) -> None:
    until(attendance.is_attended, 60, "the desk is there")
    answer = asked(api, "standard", "Refuse rate_limited")
    assert (answer.status_code, answer["Retry-After"]) == (429, "7")


@pytest.mark.usefixtures("only_elsewhere")
def test_one_key_sent_twice_at_once_is_one_answer_for_both(site: Streams, api: APIClient) -> None:
    until(attendance.is_attended, 60, "the desk is there")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(asked, api, "standard", "Wait?", "one") for _ in range(2)]
        until(lambda: Query.objects.filter(state="running").exists(), 60, "it is under way")
        handlers.open_gate()
        told = [one.result(60) for one in both]
    assert [one.status_code for one in told] == [200, 200]
    assert len({one.json()["id"] for one in told}) == Query.objects.count() == 1


def test_quick_ones_are_answered_here(api: APIClient) -> None:
    attendance.attend()
    assert asked(api, "quick").json()["state"] == "answered"


def test_without_a_desk_all_is_answered_here(api: APIClient) -> None:
    assert asked(api, "standard").json()["state"] == "answered"


def test_what_the_desk_never_takes_is_answered_here(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "UNTAKEN_SECONDS", 0.5)
    attendance.attend()  # it was there a moment ago
    answer = asked(api, "standard")
    assert (answer.status_code, answer.json()["state"]) == (200, "answered")
    assert Query.objects.get().attempts == 1


def test_what_a_dead_desk_has_left_is_answered_here(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "UNTAKEN_SECONDS", 0.5)
    attendance.attend()
    assert asked(api, "standard", key="one", mode="async").status_code == 202
    Query.objects.update(
        state="running", claim_token=uuid4(), lease_until=timezone.now(), attempts=1
    )
    answer = asked(api, "standard", key="one")
    assert (answer.status_code, answer.json()["state"]) == (200, "answered")
    assert Query.objects.get().attempts == 2
