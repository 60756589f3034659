"""The form: what is wrong with it is said, what is right becomes one question."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from llm import shared
from queries.actions import delete, share
from queries.actions.asking import waiting_key
from queries.models import Query
from queries.pages import asking
from summaries.pages.moments import moment
from tests.faces.selecting import select, words
from tests.factories import make_published_summary, make_stock
from tests.queries.faces.rows import an_answer, answered, page_of
from tests.queries.talks.people import make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]
NOBODYS = "6f1c1f0e-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _a_stock(db: None) -> None:
    make_stock()


def refused(client: Client, **given: Any) -> html.HtmlElement:
    response = client.post("/ask/", {"question": "What was revenue?", **given})
    assert response.status_code == 400
    assert not Query.objects.exclude(question="Earlier").exists()
    return html.fromstring(response.content.decode())


def sent(client: Client, **given: Any) -> Query:
    response = client.post("/ask/", {"question": "What was revenue?", **given})
    assert response.status_code == 302
    query = Query.objects.get(
        conversation=UUID(response["Location"].split("/")[2]),
        number=int(response["Location"].rpartition("#q")[2]),
    )
    assert response["Location"] == f"/ask/{query.conversation_id}/#q{query.number}"
    return query


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": " \r\n"}, "The question is empty. Write what you want to know."),
        ({"question": "x" * 20_001}, "The question has 20,001 characters. Ask in at most 20,000."),
        ({"stocks": "ACME, NONE; OTHER"}, "We hold no stock NONE, OTHER. Choose others, or none."),
        ({"stocks": "A\0CME B"}, "We hold no stock B. Choose others, or none."),
        ({"stocks": ",".join(map(str, range(21)))}, "21 stocks were chosen. Choose at most 20."),
        ({"depth": "deepest"}, "There is no such depth. Choose one of the list."),
        ({"as_of": "yesterday"}, "“yesterday” is no day or moment. Write 2025-10-31"),
        ({"as_of": "2025-02-30"}, "“2025-02-30” is no day or moment"),
        ({"conversation": "mine"}, "There is no such conversation."),
        ({"conversation": NOBODYS}, f"There is no conversation {NOBODYS}."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_why(advisor: Client, given: dict[str, str], said: str) -> None:
    page = refused(advisor, **given)
    assert said in words(select(page, '[role="alert"]')[0])
    typed = {"question": "What was revenue?", **given}["question"].strip()
    assert (select(page, "textarea")[0].text or "").strip() == typed
    # Sent once more it must be able to work.
    assert not select(page, 'input[name="conversation"]')


def test_nobody_goes_on_with_a_conversation_of_others(
    advisor: Client, anna: User, ben: User
) -> None:
    theirs = answered(ben, an_answer(), question="Earlier")
    talk = theirs.conversation_id
    page = refused(advisor, conversation=str(talk))
    assert f"There is no conversation {talk}." in words(select(page, '[role="alert"]')[0])
    share(conversation=talk, team=make_team(anna, ben).pk, by=ben)
    page = refused(advisor, conversation=str(talk))
    assert "shared with you to read" in words(select(page, '[role="alert"]')[0])
    delete(conversation=talk, by=ben)
    refused(advisor, conversation=str(talk))


def test_a_question_becomes_a_row_and_is_handed_over(advisor: Client, anna: User) -> None:
    query = sent(
        advisor, question="What was\r\nrevenue?", stocks="acme acme", depth="deep",
        as_of="2025-10-31",
    )  # fmt: skip
    told = (query.user, query.question, query.stocks, query.depth_asked, query.as_of, query.state)
    assert told == (
        anna, "What was\nrevenue?", ["ACME"], "deep", moment("2025-10-31"), "asked",
    )  # fmt: skip
    assert shared.client().lrange(waiting_key(), 0, -1) == [str(query.pk)]


def test_line_ends_count_as_the_browser_counts_them(advisor: Client) -> None:
    """20,000 characters by the form's own limit are 20,100 as they are sent."""
    query = sent(advisor, question="\r\n".join(["x" * 199] * 100) + "y")
    assert len(query.question) == 20_000


def test_a_page_that_is_sent_twice_asks_once(advisor: Client) -> None:
    page = html.fromstring(advisor.get("/ask/?stocks=ACME").content.decode())
    assert select(page, "#stocks")[0].get("value") == "ACME"
    key = select(page, 'input[name="key"]')[0].get("value")
    first = sent(advisor, key=key)
    assert sent(advisor, key=key) == first
    # After going back, another question from the same page is another.
    other = sent(advisor, key=key, question="And the margin?")
    assert other.conversation_id != first.conversation_id
    assert shared.client().llen(waiting_key()) == 2


def test_without_a_key_it_is_asked_each_time(advisor: Client) -> None:
    assert sent(advisor) != sent(advisor)
    assert asking.once(asking.Form(question="What?"), "") == ""


def test_going_on_is_of_the_same_stocks_and_day(advisor: Client, anna: User) -> None:
    first = answered(anna, an_answer(stocks=("ACME", "OTHER")), as_of=moment("2025-10-31"))
    (form,) = [
        one
        for one in select(page_of(advisor, first), "form.ask-form")
        if one.get("data-ask") is not None
    ]
    fields = {one.get("name"): one.get("value") for one in select(form, "input")}
    assert (fields["stocks"], fields["as_of"]) == ("ACME", "2025-10-31")
    query = sent(advisor, conversation=fields["conversation"], key=fields["key"], stocks="ACME")
    assert (query.conversation_id, query.number) == (first.conversation_id, 2)


@pytest.mark.parametrize(
    ("as_of", "day"),
    [("2025-10-31", "2025-10-31"), ("2025-10-31T16:00:00-04:00", ""), (None, "")],
)
def test_only_a_whole_day_is_a_day(as_of: str | None, day: str) -> None:
    assert asking.day_of(moment(as_of) if as_of else None) == day


def test_the_stock_page_asks_of_its_stock(advisor: Client) -> None:
    make_published_summary(make_stock("OTHER", cik=2))
    page = html.fromstring(advisor.get("/stocks/OTHER/").content.decode())
    (form,) = select(page, "form.ask-box")
    fields = {one.get("name"): one.get("value") for one in select(form, "input")}
    assert (form.get("action"), fields["stocks"]) == ("/ask/", "OTHER")
    first = sent(advisor, key=fields["key"], stocks="OTHER")
    assert sent(advisor, key=fields["key"], stocks="OTHER") == first


def test_the_form_lists_conversations(advisor: Client, anna: User, ben: User) -> None:
    make_team(anna, ben)
    own = answered(anna, an_answer(), question="What was mine?")
    theirs = answered(ben, an_answer(), question="What was Ben's?")
    answered(ben, an_answer(), question="A secret?")
    share(conversation=theirs.conversation_id, team=anna.teams.get().pk, by=ben)
    page = html.fromstring(advisor.get("/ask/").content.decode())
    listed = {one.get("href"): words(one.getparent()) for one in select(page, ".talks a")}
    assert set(listed) == {f"/ask/{own.conversation_id}/", f"/ask/{theirs.conversation_id}/"}
    assert "shared by ben" in listed[f"/ask/{theirs.conversation_id}/"]


def test_who_may_not_ask_gets_no_box_and_no_page(client: Client, carla: User) -> None:
    make_published_summary(make_stock("OTHER", cik=2))
    client.force_login(carla)
    assert client.get("/ask/").status_code == 403
    assert b"ask-box" not in client.get("/stocks/OTHER/").content


def test_a_form_of_another_site_is_refused(advisor: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = advisor.cookies
    assert client.post("/ask/", {"question": "What?"}).status_code == 403
