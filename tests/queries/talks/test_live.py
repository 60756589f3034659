"""A real process that streams and answers: lost clients, killed processes, stops, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import User

from llm import shared
from queries.actions import ask, hand_over, stop
from queries.eventlog import log as eventlog
from queries.models import Query, Read
from tests.batch.site import until
from tests.factories import make_token, make_user
from tests.queries.talks import handlers
from tests.queries.talks.streams import Streams, heard, listening, streams

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("depths")]
LEASE = {"FA_QUERY_LEASE_SECONDS": "2"}
WHOLE = ["step", "step", "text", "marked", "finished"]
WAITED = ["step", "step", "text", "marked", "text", "finished"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Streams]:
    with streams(tmp_path_factory.mktemp("streams") / "log", **LEASE) as made:
        yield made


@pytest.fixture
def anna() -> User:
    return make_user("anna", "advisor")


@pytest.fixture
def token(anna: User) -> str:
    return make_token(anna)


def asked(by: User, question: str = "What?") -> Query:
    query, _ = ask(user=by, question=question)
    hand_over(query)
    return query


def state(query: Query) -> str:
    return str(Query.objects.values_list("state", flat=True).get(pk=query.pk))


def test_an_answer_streams_and_can_be_streamed_again(site: Streams, anna: User, token: str) -> None:
    query = asked(anna)
    live = heard(site, query.pk, token)
    assert live.names == WHOLE
    answer = json.loads(live.events[-1][2])["answer"]
    assert answer["claims"][0]["text"] == handlers.FIRST
    assert heard(site, query.pk, token) == live
    third = live.events[2][0]
    assert heard(site, query.pk, token, after=third).events == live.events[3:]
    shared.client().delete(eventlog.events_key(str(query.pk)))
    assert heard(site, query.pk, token).names == ["text", "marked", "finished"]
    again = heard(site, query.pk, token, after=third)
    assert again.names == ["voided", "text", "marked", "finished"]
    assert {(one.user, one.way) for one in Read.objects.all()} == {(anna, "stream")}


def test_after_the_end_a_browser_is_told_not_to_ask_again(
    site: Streams, anna: User, token: str
) -> None:
    query = asked(anna)
    last = heard(site, query.pk, token).events[-1][0]
    reply = httpx2.get(
        f"{site.url}/stream/queries/{query.pk}/",
        headers={"authorization": f"Token {token}", "last-event-id": last},
    )
    assert (reply.status_code, reply.content) == (204, b"")


def test_a_client_that_goes_loses_nothing(site: Streams, anna: User, token: str) -> None:
    query = asked(anna, "Wait?")
    with listening(site, query.pk, token) as events:
        last = [next(events) for _ in range(3)][-1]
    handlers.open_gate()
    until(lambda: state(query) == "answered", 30, "it is answered without a listener")
    assert heard(site, query.pk, token, after=last[0]).names == WAITED[3:]


def test_stopped_in_silence_the_engine_is_stopped_too(
    site: Streams, anna: User, token: str
) -> None:
    query = asked(anna, "Wait?")
    with listening(site, query.pk, token) as events:
        while next(events)[1] != "marked":
            pass
        stop(query=query.pk, by=anna)
        rest = list(events)
    assert [name for _, name, _ in rest][-1] == "refused"
    assert json.loads(rest[-1][2])["code"] == "stopped"
    query.refresh_from_db()
    assert (query.state, query.code) == ("stopped", "stopped")
    assert query.answer
    assert query.answer["claims"][0]["text"] == handlers.FIRST
    assert shared.client().lrange(handlers.CLOSED, 0, -1) == [str(query.pk)]


def test_many_streams_at_once_and_two_tabs_on_one(site: Streams, anna: User, token: str) -> None:
    queries = [asked(anna, f"Wait {number}?") for number in range(20)]
    with ThreadPoolExecutor(40) as pool:
        told = [pool.submit(heard, site, one.pk, token) for one in (*queries, *queries)]
        until(lambda: shared.client().llen(handlers.BEGUN) == len(queries), 60, "all are under way")
        handlers.open_gate()
        found = [one.result() for one in told]
    assert {tuple(one.names) for one in found} == {tuple(WAITED)}
    assert found[:20] == found[20:]
    assert shared.client().llen(handlers.BEGUN) == 20  # each was answered once


def test_what_was_not_handed_over_is_found(site: Streams, anna: User, token: str) -> None:
    query, _ = ask(user=anna, question="What?")
    assert heard(site, query.pk, token).names == WHOLE


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("wrong", 401), ("ben", 404), ("compliance", 403)]
)
def test_others_get_no_stream(site: Streams, anna: User, who: str, status: int) -> None:
    query = asked(anna)
    headers = {
        "nobody": {},
        "wrong": {"authorization": "Token wrong"},
        "ben": {"authorization": f"Token {make_token(make_user('ben', 'advisor'))}"},
        "compliance": {"authorization": f"Token {make_token(make_user('carla', 'compliance'))}"},
    }[who]
    reply = httpx2.get(f"{site.url}/stream/queries/{query.pk}/", headers=headers)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/stream/queries/{query}/", 403), ("GET", "/", 404), ("GET", "/stream/x/", 404),
     ("GET", "/stream/queries/{query}/?after=soon", 400)],
)  # fmt: skip
def test_nothing_else_is_served(
    site: Streams, anna: User, token: str, method: str, path: str, status: int
) -> None:
    query = asked(anna)
    reply = httpx2.request(
        method, site.url + path.format(query=query.pk), headers={"authorization": f"Token {token}"}
    )
    assert reply.status_code == status


def test_a_browser_reads_by_its_session(site: Streams, anna: User, client: Any) -> None:
    client.force_login(anna)
    query = asked(anna)
    reply = httpx2.get(
        f"{site.url}/stream/queries/{query.pk}/",
        headers={"cookie": f"sessionid={client.cookies['sessionid'].value}"},
        timeout=60,
    )
    assert reply.status_code == 200
    assert b"event: finished" in reply.content


def test_the_sites_own_pages_may_read_it_from_elsewhere(
    anna: User, token: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And no others: where streams have an address of their own, their origin is asked for."""
    log = tmp_path_factory.mktemp("cross") / "log"
    with streams(log, FA_SITE_URL="https://fa.example.com/") as there:
        query = asked(anna)
        allowed = {}
        for origin in ("https://fa.example.com", "https://evil.example.com"):
            headers = {"authorization": f"Token {token}", "origin": origin}
            reply = httpx2.get(
                f"{there.url}/stream/queries/{query.pk}/", headers=headers, timeout=60
            )
            allowed[origin] = reply.headers.get("access-control-allow-origin")
    assert allowed == {
        "https://fa.example.com": "https://fa.example.com", "https://evil.example.com": None,
    }  # fmt: skip
