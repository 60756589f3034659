"""Every address of questions, every way to ask it and every role: closed unless a line opens it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import URLPattern
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from queries.actions import ask, share
from queries.api.urls import urlpatterns
from queries.models import Query
from queries.running import run
from tests.factories import make_user
from tests.queries.talks.people import make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]
ROLES = ("nobody", "wrong", "groupless", "api", "advisor", "ops", "compliance", "owner", "team")
CLOSED = {"nobody": 401, "wrong": 401, "groupless": 403}
STRANGERS = {**CLOSED, "api": 404, "advisor": 404, "ops": 404, "compliance": 403}
LISTS = {**dict.fromkeys(ROLES, 200), **CLOSED, "compliance": 403}
OVERSEEN = {**dict.fromkeys(ROLES, 403), **CLOSED, "compliance": 200}

# name of a route -> way to ask -> what each role gets
EXPECTED: dict[str, dict[str, dict[str, int]]] = {
    "queries": {"POST": {**LISTS, "owner": 200}},
    "query": {"GET": {**STRANGERS, "owner": 200, "team": 200}},
    "stop": {"POST": {**STRANGERS, "owner": 200, "team": 404}},
    "resume": {"POST": {**STRANGERS, "owner": 409, "team": 404}},
    "feedback": {"POST": {**STRANGERS, "owner": 200, "team": 200}},
    "conversations": {"GET": LISTS},
    "all-conversations": {"GET": OVERSEEN},
    "conversation": {
        "GET": {**STRANGERS, "owner": 200, "team": 200},
        "PATCH": {**STRANGERS, "owner": 200, "team": 403},
        "DELETE": {**STRANGERS, "owner": 204, "team": 403},
    },
    "conversation-queries": {"GET": {**STRANGERS, "owner": 200, "team": 200}},
    "share": {
        "POST": {**STRANGERS, "owner": 200, "team": 403},
        "DELETE": {**STRANGERS, "owner": 200, "team": 403},
    },
    "hold": {"POST": OVERSEEN, "DELETE": OVERSEEN},
    "export": {"GET": OVERSEEN},
}
CASES = [(route, method) for route, methods in EXPECTED.items() for method in methods]
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("queries", "POST"): {"question": "What?"},
    ("feedback", "POST"): {"is_accurate": True},
    ("conversation", "PATCH"): {"title": "Mine"},
    ("hold", "POST"): {"reason": "Matter 7"},
}


def test_every_route_has_its_line() -> None:
    assert {one.name for one in urlpatterns} == set(EXPECTED)


@pytest.fixture
def talk() -> tuple[Query, int]:
    owner, mate = make_user("owner", "advisor"), make_user("team", "advisor")
    query, _ = ask(user=owner, question="What?")
    run(query.pk)
    team = make_team(owner, mate)
    share(conversation=query.conversation_id, team=team.pk, by=owner)
    return query, team.pk


def _client(role: str) -> APIClient:
    cache.clear()
    if role == "nobody":
        return APIClient()
    if role == "wrong":
        return APIClient(headers={"authorization": "Token wrong"})
    user = User.objects.filter(username=role).first()
    user = user or make_user(role, *([] if role == "groupless" else [role]))
    token, _ = Token.objects.get_or_create(user=user)
    return APIClient(headers={"authorization": f"Token {token.key}"})


def _path(pattern: URLPattern, query: Query) -> str:
    of_query = str(pattern.pattern).startswith("queries/")
    pk = query.pk if of_query else query.conversation_id
    return "/api/v1/" + str(pattern.pattern).replace("<uuid:pk>", str(pk))


@pytest.mark.parametrize(("route", "method"), CASES)
def test_route_for_each_role(talk: tuple[Query, int], route: str, method: str) -> None:
    """The owner last: what is deleted is there for nobody."""
    query, team = talk
    path = next(_path(one, query) for one in urlpatterns if one.name == route)
    body = BODIES.get((route, method), {"team": team} if route == "share" else {})
    got = {
        role: getattr(_client(role), method.lower())(path, body, format="json").status_code
        for role in sorted(ROLES, key=lambda role: role == "owner")
    }
    assert got == EXPECTED[route][method]


@pytest.mark.parametrize("route", sorted(EXPECTED))
def test_no_other_way_to_ask(talk: tuple[Query, int], route: str) -> None:
    path = next(_path(one, talk[0]) for one in urlpatterns if one.name == route)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(EXPECTED[route]):
        for role in ("owner", "compliance"):
            answer = getattr(_client(role), method.lower())(path, {}, format="json")
            assert answer.status_code in (403, 405), (method, role)
