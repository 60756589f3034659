"""Feedback at LangSmith, by its own SDK: scores, and no word of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from llm.langsmith import NotPushed
from queries.actions import ask, give_feedback
from queries.models import Feedback, Query
from queries.pushing import push
from queries.running import run
from tests.evaluation.langsmith_site import KEY, LangSmith, langsmith_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]


@pytest.fixture
def site(settings: Any) -> Iterator[LangSmith]:
    with langsmith_site() as made:
        settings.LANGSMITH_API_KEY, settings.LANGSMITH_ENDPOINT = KEY, made.url
        yield made


@pytest.fixture
def said(anna: User) -> Feedback:
    query, _ = ask(user=anna, question="What did Mrs Miller earn?")
    assert run(query.pk)
    return give_feedback(
        query=query.pk, by=anna, is_accurate=False, worth_usd=Decimal("1.50"), comment="A secret."
    )


def test_scores_are_sent_once_and_no_words(said: Feedback, site: LangSmith) -> None:
    assert push(said.pk)
    assert {(one["key"], one["score"]) for one in site.feedback.values()} == {
        ("accurate", 0.0), ("worth_usd", 1.5),
    }  # fmt: skip
    [run_] = site.runs.values()
    query = Query.objects.get()
    assert run_["extra"]["metadata"]["query"] == str(query.pk)
    sent = b" ".join(site.bodies)
    assert [word for word in (b"Miller", b"secret", b"anna", b"Looked") if word in sent] == []
    count = len(site.bodies)
    assert not push(said.pk)
    assert len(site.bodies) == count


def test_said_again_it_replaces_what_was_sent(said: Feedback, site: LangSmith, anna: User) -> None:
    assert push(said.pk)
    give_feedback(query=said.query_id, by=anna, is_accurate=True)
    assert push(said.pk)
    scores = {one["key"]: one["score"] for one in site.feedback.values()}
    assert scores["accurate"] == 1.0
    assert len(site.sessions) == 1


def test_what_fails_says_why_and_can_be_sent_again(said: Feedback, site: LangSmith) -> None:
    site.broken["/sessions"] = 401
    with pytest.raises(NotPushed, match="answered with") as error:
        push(said.pk)
    assert KEY not in str(error.value)
    site.broken.clear()
    assert push(said.pk)


def test_without_a_key_nothing_is_sent(said: Feedback, settings: Any) -> None:
    settings.LANGSMITH_API_KEY = ""
    with pytest.raises(NotPushed, match="LANGSMITH_API_KEY is not set"):
        push(said.pk)
