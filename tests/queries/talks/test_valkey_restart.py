"""Valkey dies while a question is answered: the answer is kept, and readers get all of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connections

from fa_site import embedded
from llm import shared
from queries import answerer
from queries.actions import ask, stop
from queries.eventlog import codec
from queries.eventlog import log as eventlog
from queries.models import Query
from queries.running import run
from queries.stopping import stoppable
from queries.values import Answer, Asked, Claim, Depth, Event, Finished, Kind, Text, Voided
from summaries.verification.verdicts import Verdict
from tests.batch.site import until
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "Before it died.", "After it died."


class Gates:
    """A depth that tells one sentence, waits for ``go``, and tells the other."""

    def __init__(self) -> None:
        self.began, self.go, self.more = (threading.Event() for _ in range(3))
        self.told_to_stop: list[str] = []

    def __call__(self, user: Any) -> Any:
        def answer(asked: Asked) -> Iterator[Event]:
            yield Text(FIRST)
            self.began.set()
            with stoppable(asked.id, lambda: self.told_to_stop.append(asked.id)):
                assert self.go.wait(60)
            yield Text(f" {SECOND}")
            assert self.more.wait(60)
            claims = tuple(Claim(one, Verdict.NOT_CHECKABLE) for one in (FIRST, SECOND))
            yield Finished(Answer(Kind.ANSWERED, Depth.QUICK, claims))

        return answer


@pytest.fixture
def own_valkey(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.REDIS_URL = embedded.ensure_valkey(tmp_path)
    try:
        yield tmp_path
    finally:
        embedded.stop(tmp_path)


@pytest.fixture
def gates(own_valkey: Path) -> Iterator[Gates]:
    before, around = dict(answerer.HANDLERS), list(answerer.AROUND)
    made = Gates()
    answerer.HANDLERS.update(dict.fromkeys(Depth, made))
    answerer.AROUND.clear()
    yield made
    answerer.HANDLERS.update(before)
    answerer.AROUND[:] = around


def kill(valkey: Path) -> None:
    pid = int((valkey / "valkey/valkey.pid").read_text())
    os.kill(pid, signal.SIGKILL)

    def is_away() -> bool:
        with suppress(redis.RedisError):
            shared.client().ping()
            return False
        return True

    until(is_away, 20, "Valkey is dead")


def answering(query: Query) -> threading.Thread:
    def work() -> None:
        try:
            run(query.pk)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_killed_and_back_it_is_told_again_from_the_start(own_valkey: Path, gates: Gates) -> None:
    query, _ = ask(user=make_user("anna", "advisor"), question="What?")
    thread = answering(query)
    assert gates.began.wait(30)
    kill(own_valkey)
    gates.go.set()
    embedded.ensure_valkey(own_valkey)
    shared.client().delete(eventlog.events_key(str(query.pk)))  # the worst: nothing is left
    gates.more.set()
    thread.join(60)
    query.refresh_from_db()
    assert codec.answer_of(query.answer).text == f"{FIRST} {SECOND}"
    events = [one.event for one in eventlog.read(str(query.pk))]
    last = max(at for at, one in enumerate(events) if isinstance(one, Voided)) if any(
        isinstance(one, Voided) for one in events
    ) else -1  # fmt: skip
    texts = [one.text for one in events[last + 1 :] if isinstance(one, Text)]
    assert "".join(texts) in {f"{FIRST} {SECOND}", ""}
    assert isinstance(events[-1], Finished)


def test_away_for_good_the_answer_is_kept_and_can_be_stopped(
    own_valkey: Path, gates: Gates
) -> None:
    anna = make_user("anna", "advisor")
    query, _ = ask(user=anna, question="What?")
    other, _ = ask(user=anna, question="What else?")
    thread = answering(query)
    assert gates.began.wait(30)
    gates.began.clear()
    stopping = answering(other)
    assert gates.began.wait(30)
    kill(own_valkey)
    assert stop(query=other.pk, by=anna).stop_asked_at
    until(lambda: gates.told_to_stop == [str(other.pk)], 30, "the stop is heard by the table")
    gates.go.set()
    gates.more.set()
    thread.join(60)
    stopping.join(60)
    query.refresh_from_db()
    assert codec.answer_of(query.answer).text == f"{FIRST} {SECOND}"
    other.refresh_from_db()
    assert (query.state, other.state) == ("answered", "stopped")
