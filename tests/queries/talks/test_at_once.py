"""A quick question is written once, with its answer; before that nothing of it is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from llm import shared
from queries import ending
from queries.actions.errors import KeyReused, NotAskable
from queries.at_once import ask_at_once
from queries.eventlog.log import events_key
from queries.eventlog.retelling import retold
from queries.models import AnswerCitation, Checkpoint, Conversation, Query, Read
from queries.values import Depth, Finished
from tests.costs.budgets_threads import at_once
from tests.factories import make_published_summary, make_user
from tests.queries.talks import handlers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]
SAID = f"{handlers.FIRST} Acme Corp reported 1,234,000,000 USD."


def asked_at_once(**given: Any) -> tuple[Query, bool]:
    return ask_at_once(**given, way=Read.Way.API)


@pytest.fixture
def anna() -> User:
    return make_user("anna", "advisor")


def test_it_is_there_whole_with_its_conversation_and_sources(anna: User) -> None:
    fact = make_published_summary().stock.facts.get()
    query, is_new = asked_at_once(user=anna, question="What was revenue?", stocks=["acme"], key="k")
    row = Query.objects.get()
    assert (row, is_new) == (query, True)
    assert (row.state, row.depth_asked, row.depth, row.number) == ("answered", "", "quick", 1)
    assert (row.attempts, row.claim_token, row.key) == (1, None, "k")
    assert row.asked_at <= row.finished_at  # type: ignore[operator]
    talk = Conversation.objects.get()
    assert (talk.pk, talk.title, talk.stocks) == (
        row.conversation_id, "What was revenue?", ["ACME"],
    )  # fmt: skip
    assert [(one.claim, one.fact) for one in AnswerCitation.objects.all()] == [(1, fact)]
    *_, last = retold(row)
    assert isinstance(last, Finished)
    assert last.answer.text == SAID


def test_nothing_of_it_is_kept_on_the_way(anna: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        query, _ = asked_at_once(user=anna, question="What was revenue?")
    written = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE"))]
    assert [sql.split('"')[1] for sql in written] == [
        "queries_conversation", "queries_query", "queries_read",
    ]  # fmt: skip
    assert [one["sql"] for one in asked].count("COMMIT") <= 1
    assert not Checkpoint.objects.exists()
    assert not shared.client().exists(events_key(str(query.pk)))


def test_key_that_was_sent_before_keeps_its_query(anna: User) -> None:
    first, _ = asked_at_once(user=anna, question="What was revenue?", key="k")
    assert asked_at_once(user=anna, question="What was revenue?", key="k") == (first, False)
    assert shared.client().llen(handlers.BEGUN) == 1
    with pytest.raises(KeyReused):
        asked_at_once(user=anna, question="What else?", key="k")
    other, is_new = asked_at_once(user=make_user("ben", "advisor"), question="What else?", key="k")
    assert (other == first, is_new) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_rivals_under_one_key_leave_one_query() -> None:
    anna = make_user("anna", "advisor")
    told = at_once(6, lambda _: asked_at_once(user=anna, question="What was revenue?", key="k"))
    assert len({query.pk for query, _ in told}) == 1
    assert [is_new for _, is_new in told].count(True) == 1
    assert (Query.objects.count(), Conversation.objects.count()) == (1, 1)


def test_it_is_answered_as_a_quick_one_whatever_its_words_would_take(anna: User) -> None:
    query, _ = asked_at_once(user=anna, question="Why has the margin moved, and what may come?")
    assert query.depth == Depth.QUICK


def test_what_breaks_is_on_record_with_what_was_told(anna: User) -> None:
    query, _ = asked_at_once(user=anna, question="break")
    query.refresh_from_db()
    assert (query.state, query.code) == ("failed", "failed")
    assert "secret" not in query.message
    assert query.answer is not None
    assert query.answer["claims"][0]["text"] == handlers.FIRST


def test_refused_is_kept_with_when_to_ask_again(anna: User) -> None:
    query, _ = asked_at_once(user=anna, question="refuse rate_limited")
    query.refresh_from_db()
    assert (query.state, query.code, query.retry_after) == ("refused", "rate_limited", 7)


@pytest.mark.django_db(transaction=True)
def test_without_the_database_nothing_is_left_and_the_key_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna = make_user("anna", "advisor")
    with monkeypatch.context() as broken:
        broken.setattr(ending, "_store_citations", _away)
        with pytest.raises(OperationalError):
            asked_at_once(user=anna, question="What was revenue?", key="k")
    assert (Query.objects.count(), Conversation.objects.count()) == (0, 0)
    assert asked_at_once(user=anna, question="What was revenue?", key="k")[1]


def _away(*_: object) -> None:
    raise OperationalError("the server closed the connection unexpectedly")


def test_what_cannot_be_asked_says_why(anna: User) -> None:
    with pytest.raises(NotAskable, match="is empty"):
        asked_at_once(user=anna, question=" ")
    with pytest.raises(NotAskable, match="21 stocks were chosen"):
        asked_at_once(user=anna, question="What?", stocks=[f"S{n}" for n in range(21)])
    assert not Query.objects.exists()
