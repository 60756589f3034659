"""Who answers may be killed or asked to end: what was under way is begun again elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from llm import shared
from queries.actions import ask, hand_over
from queries.desk import Desk
from queries.eventlog import log as eventlog
from queries.models import Query
from queries.values import Finished, Voided
from tests.batch.site import until
from tests.factories import make_user
from tests.queries.talks import handlers
from tests.queries.talks.streams import streams

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("depths")]


@pytest.fixture
def anna() -> User:
    return make_user("anna", "advisor")


@contextmanager
def desk(seats: int = 2) -> Iterator[Desk]:
    made = Desk(seats)
    made.start()
    try:
        yield made
    finally:
        handlers.open_gate()
        assert made.stop(30)


def asked(by: User, question: str) -> Query:
    query, _ = ask(user=by, question=question)
    hand_over(query)
    return query


def state(query: Query) -> str:
    return str(Query.objects.values_list("state", flat=True).get(pk=query.pk))


def begun() -> int:
    return int(shared.client().llen(handlers.BEGUN))


def test_killed_in_the_middle_another_begins_it_again(anna: User, tmp_path: Path) -> None:
    with streams(tmp_path / "log", FA_QUERY_LEASE_SECONDS="2") as doomed:
        query = asked(anna, "Wait?")
        until(lambda: query.checkpoints.exists(), 60, "it is under way")
        doomed.kill()
    assert state(query) == "running"
    handlers.open_gate()
    with desk():
        until(lambda: state(query) == "answered", 60, "another has answered it")
    query.refresh_from_db()
    assert (query.attempts, begun()) == (2, 2)
    events = [one.event for one in eventlog.read(str(query.pk))]
    assert Voided("It was begun again.") in events
    assert isinstance(events[-1], Finished)
    assert list(query.checkpoints.values_list("attempt", "number")) == [(1, 1), (2, 1)]


def test_asked_to_end_it_gives_back_what_it_has(anna: User) -> None:
    ending = Desk(2)
    ending.start()
    query = asked(anna, "Wait?")
    until(lambda: begun() == 1, 30, "it is under way")
    stopping = threading.Thread(target=ending.stop, args=(30,))
    stopping.start()
    until(lambda: ending.is_closing, 10, "it takes nothing more")
    handlers.open_gate()
    stopping.join(60)
    assert state(query) == "asked"
    with desk():
        until(lambda: state(query) == "answered", 30, "another has answered it")


def test_no_more_at_once_than_there_are_seats(anna: User) -> None:
    queries = [asked(anna, f"Wait {number}?") for number in range(5)]
    with desk(seats=2):
        until(lambda: begun() == 2, 30, "two are under way")
        assert Query.objects.filter(state="running").count() == 2
        assert Query.objects.filter(state="asked").count() == 3
        handlers.open_gate()
        until(lambda: all(state(one) == "answered" for one in queries), 60, "all are answered")
    assert begun() == 5


def test_what_valkey_was_told_wrong_is_passed_over(anna: User) -> None:
    from queries.actions.asking import waiting_key

    shared.client().rpush(waiting_key(), "no id", "00000000-0000-0000-0000-000000000000")
    query = asked(anna, "What?")
    with desk():
        until(lambda: state(query) == "answered", 30, "it is answered")
