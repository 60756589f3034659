"""A question is a row once, however often it is sent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from queries.actions import ask, share
from queries.actions.asking import title_of
from queries.actions.errors import KeyReused, NotAskable, NotThere, NotYours
from queries.models import Conversation, Query
from queries.values import LONGEST_QUESTION, Depth
from tests.costs.budgets_threads import at_once
from tests.factories import make_user
from tests.queries.talks.people import make_team


@pytest.mark.django_db
def test_the_same_key_is_the_same_query(anna: User, ben: User) -> None:
    first, is_new = ask(user=anna, question="What?", key="k-1")
    again, is_again = ask(user=anna, question="What?", key="k-1")
    assert (first, is_new, is_again) == (again, True, False)
    with pytest.raises(KeyReused):
        ask(user=anna, question="What else?", key="k-1")
    with pytest.raises(KeyReused):
        ask(user=anna, question="What?", key="k-1", depth=Depth.DEEP)
    other, _ = ask(user=ben, question="What else?", key="k-1")
    assert other.user == ben


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_are_one_query() -> None:
    anna = make_user("anna", "advisor")
    asked = at_once(6, lambda _: ask(user=anna, question="What?", key="k-1"))
    assert len({query.pk for query, _ in asked}) == 1
    assert sorted(is_new for _, is_new in asked) == [False] * 5 + [True]
    assert (Query.objects.count(), Conversation.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_in_one_conversation_get_a_number_each() -> None:
    anna = make_user("anna", "advisor")
    talk = ask(user=anna, question="What?")[0].conversation_id
    at_once(4, lambda tab: ask(user=anna, question=f"Tab {tab}?", conversation=talk))
    rows = Query.objects.filter(conversation=talk).order_by("number")
    assert [one.number for one in rows] == [1, 2, 3, 4, 5]
    assert {one.question for one in rows} == {"What?", *(f"Tab {tab}?" for tab in range(4))}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "said"),
    [
        (" \n", "is empty"),
        ("x" * (LONGEST_QUESTION + 1), "has 20,001 characters. Ask in at most 20,000"),
        ("a\0b", "aren't text"),
        ("a\ud800b", "aren't text"),
    ],
)
def test_what_is_no_question_is_not_taken(anna: User, question: str, said: str) -> None:
    with pytest.raises(NotAskable, match=said):
        ask(user=anna, question=question)
    assert not Conversation.objects.exists()


@pytest.mark.django_db
def test_the_longest_question_is_taken(anna: User) -> None:
    query, _ = ask(user=anna, question="w " * (LONGEST_QUESTION // 2))
    query.refresh_from_db()
    assert len(query.question) == LONGEST_QUESTION
    assert len(query.conversation.title) <= 80


@pytest.mark.django_db
def test_only_its_owner_goes_on_with_a_conversation(anna: User, ben: User) -> None:
    talk = ask(user=anna, question="What?")[0].conversation_id
    for nothing in (talk, uuid4()):
        with pytest.raises(NotThere):
            ask(user=ben, question="And?", conversation=nothing)
    team = make_team(anna, ben)
    share(conversation=talk, team=team.pk, by=anna)
    with pytest.raises(NotYours):
        ask(user=ben, question="And?", conversation=talk)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (" What  was\nrevenue? ", "What was revenue?"),
        ("word " * 30, "word " * 15 + "word…"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_title(question: str, title: str) -> None:
    assert title_of(question) == title
