"""What readers say of an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from queries.models import Feedback, Query
from queries.pages.opinions import NotAnAmount, Opinion
from queries.values import Claim
from summaries.verification.verdicts import Verdict
from tests.faces.selecting import select, words
from tests.queries.faces.rows import an_answer, answered, page_of, part_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def query(anna: User) -> Query:
    return answered(anna, an_answer(Claim("So it was.", Verdict.NOT_CHECKABLE)))


def kept() -> tuple[bool | None, Decimal | None, str]:
    one = Feedback.objects.get()
    return one.is_accurate, one.worth_usd, one.comment


def fields(element: html.HtmlElement) -> dict[str, str]:
    told = {one.get("name"): one.get("value") for one in select(element, "input") if one.get("type") is None}  # fmt: skip
    return {**told, **{one.get("name"): one.get("value") for one in select(element, "input[checked]")}}  # fmt: skip


def test_without_javascript_it_is_kept_and_shown(advisor: Client, query: Query) -> None:
    path = f"/ask/answers/{query.pk}/feedback/"
    response = advisor.post(
        path, {"accurate": "yes", "worth": "$1,250.50", "comment": " Good <b> "}
    )
    assert response["Location"] == f"/ask/{query.conversation_id}/#q1"
    assert kept() == (True, Decimal("1250.50"), "Good <b>")
    (shown,) = select(page_of(advisor, query), ".feedback")
    assert fields(shown) == {"accurate": "yes", "worth": "1250.50", "comment": "Good <b>"}
    assert "Your word on it" in words(shown)
    advisor.post(path, {"accurate": "no"})
    assert kept() == (False, None, "")


def test_by_htmx_it_says_thanks_where_it_can_be_seen(advisor: Client, query: Query) -> None:
    part = part_of(advisor, f"/ask/answers/{query.pk}/feedback/", accurate="no")
    assert (part.tag, part.get("open") is not None) == ("details", True)
    assert [words(one) for one in select(part, '[role="status"]')] == ["Thank you, kept."]
    assert kept() == (False, None, "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Say whether it was accurate, what it was worth, or something of it."),
        ({"worth": "a lot"}, "Write what it was worth as 25 or 1,250.50, in USD."),
        ({"worth": "100000"}, "What it was worth is 0 to 100,000 USD."),
        ({"comment": "x" * 2001}, "Comment in at most 2,000 characters."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    advisor: Client, query: Query, given: dict[str, str], said: str
) -> None:
    typed = {"comment": "Words that took a while.", **given} if given else {"comment": ""}
    path = f"/ask/answers/{query.pk}/feedback/"
    response = advisor.post(path, typed)
    assert response.status_code == 400
    whole = html.fromstring(response.content.decode())
    assert whole.tag == "html"  # a page, and no part of one
    for shown in (select(whole, ".feedback")[0], part_of(advisor, path, **typed)):
        assert words(select(shown, '[role="alert"]')[0]) == said
        assert fields(shown) == {"worth": "", **typed}
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("worth", "usd"),
    [("", None), ("25", "25"), ("$ 25", "25"), ("1,250.5", "1250.5"), ("0", "0")],
)
def test_an_amount(worth: str, usd: str | None) -> None:
    assert Opinion(worth=worth).worth_usd == (None if usd is None else Decimal(usd))


@pytest.mark.parametrize("worth", ["25,50", "-1", "NaN", "1e9", "1_000", "25 EUR", "٢٥", "$"])
def test_no_amount(worth: str) -> None:
    if worth == "$":
        assert Opinion(worth=worth).worth_usd is None
        return
    with pytest.raises(NotAnAmount):
        _ = Opinion(worth=worth).worth_usd
