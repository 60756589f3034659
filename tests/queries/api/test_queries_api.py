"""A question over REST: asked, awaited or polled, stopped, judged; every error says what to do."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from rest_framework.test import APIClient

from queries.api import answering
from queries.models import Conversation, Query, Read
from queries.running import run
from tests.costs.budgets_threads import at_once
from tests.factories import make_plan, make_published_summary, make_token, make_user
from tests.queries.talks import handlers
from tests.queries.talks.people import make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]
URL = "/api/v1/queries/"
Json = dict[str, Any]


def client_of(user: User) -> APIClient:
    cache.clear()  # throttles count there
    return APIClient(headers={"authorization": f"Token {make_token(user)}"})


@pytest.fixture
def api(anna: User) -> APIClient:
    return client_of(anna)


def sent(client: APIClient, status: int, path: str = URL, *, key: str = "", **given: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    answer = client.post(path, given, format="json", headers=headers)
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


def test_sync_gives_the_whole_answer(api: APIClient, anna: User) -> None:
    fact = make_published_summary().stock.facts.get()
    found = sent(api, 200, question="What was revenue?", stocks=["acme"])
    query = Query.objects.get()
    answer = found.pop("answer")
    for name in ("asked_at", "finished_at", "first_ms", "total_ms"):
        assert found.pop(name) is not None
    assert found == {
        "id": str(query.pk), "conversation": str(query.conversation_id), "number": 1,
        "state": "answered", "question": "What was revenue?", "stocks": ["ACME"],
        "depth": "quick", "as_of": None, "refusal": None, "is_cached": False, "cost_usd": None,
        "url": f"/api/v1/queries/{query.pk}/", "stream_url": f"/stream/queries/{query.pk}/",
    }  # fmt: skip
    text = "Acme Corp reported 1,234,000,000 USD."
    assert answer["text"] == f"{handlers.FIRST} {text}"
    assert answer["claims"][1] == {
        "text": text, "verdict": "supported", "reason": "", "correction": "",
        "citations": [{
            "source": "filing", "label": "10-K", "url": f"/facts/{fact.pk}/",
            "quote": "1,234,000,000", "dated": "", "document": fact.filing.documents.get().pk,
            "start": 0, "end": 5, "fact": fact.pk,
        }],
    }  # fmt: skip
    assert api.get(found["url"]).json()["answer"] == answer
    assert list(Read.objects.values_list("user", "query", "way")) == [
        (anna.pk, query.pk, "api")
    ] * 2  # fmt: skip


@pytest.mark.parametrize("mode", ["stream", "async"])
def test_others_are_taken_and_answered_elsewhere(api: APIClient, mode: str) -> None:
    answer = api.post(URL, {"question": "What?", "mode": mode}, format="json")
    assert (answer.status_code, answer["Retry-After"]) == (202, "1")
    taken = answer.json()
    assert (taken["state"], taken["answer"]) == ("asked", None)
    assert answer["Location"] == taken["url"]
    assert api.get(taken["url"]).status_code == 202
    assert not Read.objects.exists()
    run(taken["id"])
    found = api.get(taken["url"])
    assert (found.status_code, found.json()["state"]) == (200, "answered")


def test_the_same_key_is_answered_once(api: APIClient) -> None:
    first = sent(api, 200, key="k-1", question="What?")
    assert sent(api, 200, key="k-1", question="What?") == first
    wrong = sent(api, 409, key="k-1", question="What else?")
    assert "Send a new key with a new question" in wrong["detail"]
    assert Query.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_get_one_answer() -> None:
    token = make_token(make_user("anna", "advisor"))

    def ask(_: int) -> Json:
        client = APIClient(headers={"authorization": f"Token {token}"})
        found: Json = sent(client, 200, key="k-1", question="What?")
        return found

    first, *others = at_once(4, ask)
    assert others == [first] * 3
    assert Query.objects.get().attempts == 1


def test_refused_for_want_of_room_it_may_be_sent_again(api: APIClient) -> None:
    given = {"question": "refuse rate_limited"}
    answer = api.post(URL, given, format="json", headers={"idempotency-key": "k-1"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "7")
    assert "It was not taken." in answer.json()["detail"]
    again = api.post(URL, given, format="json", headers={"idempotency-key": "k-1"})
    assert again.status_code == 429
    query = Query.objects.get()
    assert query.attempts == 1  # begun again: counted anew
    assert query.state == "refused"


def test_other_refusals_are_told_in_the_query(api: APIClient) -> None:
    found = sent(api, 200, question="refuse injection")
    assert (found["state"], found["refusal"]) == (
        "refused", {"code": "injection", "text": "It was not taken.", "retry_after": 7},
    )  # fmt: skip


def test_without_a_thread_to_spare_it_is_taken_and_polled(api: APIClient) -> None:
    taken = list(iter(lambda: answering.SEATS.acquire(blocking=False), False))
    try:
        assert sent(api, 202, question="What?")["state"] == "asked"
    finally:
        for _ in taken:
            answering.SEATS.release()


def test_the_cost_is_told_to_who_may_see_costs(anna: User) -> None:
    otto = client_of(make_user("otto", "ops", is_staff=True))
    assert sent(otto, 200, question="What?")["cost_usd"] == "0"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({}, "question", "required"),
        ({"question": " \n"}, "question", "empty"),
        ({"question": "x" * 20_001}, "question", "no more than 20000 characters"),
        ({"question": "a\0b"}, "question", "Null characters are not allowed"),
        ({"question": "What?", "stocks": ["NONE"]}, "stocks", "There is no stock NONE. Look for"),
        ({"question": "What?", "stocks": ["A"] * 21}, "stocks", "no more than 20"),
        ({"question": "What?", "depth": "bottomless"}, "depth", "not a valid choice"),
        ({"question": "What?", "mode": "now"}, "mode", "not a valid choice"),
        ({"question": "What?", "as_of": "soon"}, "as_of", "is no day or moment"),
        ({"question": "What?", "conversation": "mine"}, "conversation", "valid UUID"),
        ({"question": "What?", "quesiton": "x"}, "quesiton", "There is no such field."),
    ],
)
def test_wrong_fields_are_named(api: APIClient, given: Json, field: str, said: str) -> None:
    wrong = sent(api, 400, **given)
    assert said in str(wrong["errors"][field])
    assert not Query.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"question": "a\\ud800b"}', "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"question=What", "application/x-www-form-urlencoded", 415),
        (b'{"question": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
    ],
)
def test_bodies_that_are_no_question(
    api: APIClient, body: bytes, content_type: str, status: int
) -> None:
    answer = api.post(URL, body, content_type=content_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_key_that_is_none(api: APIClient) -> None:
    wrong = sent(api, 400, key="two words", question="What?")
    assert "1 to 200 printable ASCII" in wrong["errors"]["Idempotency-Key"][0]


def test_a_conversation_goes_on_and_is_listed(api: APIClient) -> None:
    first = sent(api, 200, question="What was revenue?")
    talk = first["conversation"]
    then = sent(api, 200, question="And the year before?", conversation=talk)
    assert then["number"] == 2
    assert "'What was revenue?' was asked" in then["answer"]["text"]
    listed = api.get("/api/v1/conversations/").json()
    assert [(one["id"], one["title"], one["is_own"]) for one in listed["results"]] == [
        (talk, "What was revenue?", True)
    ]
    told = api.get(f"/api/v1/conversations/{talk}/queries/?page_size=1").json()
    assert told["results"][0]["number"] == 1
    rest = api.get(told["next"]).json()
    assert ([one["number"] for one in rest["results"]], rest["next"]) == ([2], None)
    sent(api, 404, question="And?", conversation=str(uuid4()))


def test_renamed_and_deleted(api: APIClient) -> None:
    talk = sent(api, 200, question="What?")["conversation"]
    url = f"/api/v1/conversations/{talk}/"
    assert api.patch(url, {"title": "Mine"}, format="json").json()["title"] == "Mine"
    assert api.patch(url, {"title": ""}, format="json").status_code == 400
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404
    assert api.get(f"{url}queries/").status_code == 404
    assert Conversation.objects.get().deleted_at


def test_shared_it_is_read_with_the_readers_own_licences(api: APIClient, anna: User) -> None:
    make_published_summary()
    ben = make_user("ben", "advisor")
    first = sent(api, 200, question="What?", stocks=["ACME"])
    talk, team = first["conversation"], make_team(anna, ben)
    shared = api.post(f"/api/v1/conversations/{talk}/share/", {"team": team.pk}, format="json")
    assert shared.json()["team"] == team.pk
    reader = client_of(ben)
    assert reader.get(first["url"]).json()["answer"] == first["answer"]
    assert not reader.get(f"/api/v1/conversations/{talk}/").json()["is_own"]
    sent(reader, 403, question="And?", conversation=talk)
    sent(reader, 404, f"{first['url']}stop/")
    Query.objects.get().plans.add(make_plan(anna))
    assert reader.get(first["url"]).status_code == 404
    assert reader.get(f"/api/v1/conversations/{talk}/queries/").json()["results"] == []
    assert api.get(first["url"]).status_code == 200
    assert api.delete(f"/api/v1/conversations/{talk}/share/").json()["team"] is None
    assert reader.get(f"/api/v1/conversations/{talk}/").status_code == 404


def test_stopped_and_begun_again(api: APIClient) -> None:
    url = sent(api, 202, question="What?", mode="async")["url"]
    assert sent(api, 200, f"{url}stop/")["refusal"]["code"] == "stopped"
    assert sent(api, 202, f"{url}resume/")["state"] == "asked"
    run(Query.objects.get().pk)
    assert "Ask a new question" in sent(api, 409, f"{url}resume/")["detail"]
    assert sent(api, 200, f"{url}stop/")["state"] == "answered"


def test_feedback(api: APIClient) -> None:
    url = sent(api, 200, question="What?")["url"]
    given: Json = {"is_accurate": True, "worth_usd": "2.50", "comment": "Saved me a call."}
    said = sent(api, 200, f"{url}feedback/", **given)
    assert {name: said[name] for name in given} == given
    assert "comment" in sent(api, 400, f"{url}feedback/")["errors"]
    assert "worth_usd" in sent(api, 400, f"{url}feedback/", worth_usd="-1")["errors"]


def test_compliance_holds_and_exports(api: APIClient, anna: User, carla: User) -> None:
    talk = sent(api, 200, question="What?")["conversation"]
    overseer = client_of(carla)
    url = f"/api/v1/conversations/{talk}/"
    assert overseer.get(url).status_code == 403
    [row] = overseer.get("/api/v1/conversations/all/").json()["results"]
    assert (row["id"], row["owner"], row["is_held"]) == (talk, "anna", False)
    held = overseer.post(f"{url}hold/", {"reason": "Matter 7"}, format="json")
    assert held.json()["is_held"] is True
    assert overseer.delete(f"{url}hold/").json()["is_held"] is False
    export = overseer.get(f"{url}export/")
    assert export["Content-Type"] == "application/x-ndjson"
    assert export.content.count(b"\n") == 7
    sent(overseer, 403, question="What?")
    for path in ("hold/", "export/"):
        assert api.get(url + path).status_code == 403
