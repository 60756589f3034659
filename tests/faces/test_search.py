"""The search page: what is asked, what is found, and where it leads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from summaries.models import Document
from summaries.pages.finding import marked
from summaries.pages.moments import NotAMoment, moment
from tests.faces.selecting import select, words
from tests.factories import (
    filing_html,
    make_filing,
    make_filing_document,
    make_note,
    make_plan,
    make_stock,
)

HTMX = {"HX-Request": "true"}


def filed(ticker: str, said: str) -> Document:
    filing = make_filing(make_stock(ticker))
    body = (
        "<p>Annual report of the company on its business and its risks in the year</p>"
        f"<p><b>Item 1A. Risk Factors</b></p><p>{said}</p>"
    )
    return make_filing_document(filing, filing_html(body))


def found(client: Client, query: str) -> html.HtmlElement:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_a_result_marks_the_words_and_opens_the_document_there(advisor: Client) -> None:
    document = filed("ACME", "Our supply chain depends on a single harbour.")
    (result,) = select(found(advisor, "q=supply+chains"), ".result")
    assert [one.text for one in select(result, "mark")] == ["supply", "chain"]
    said = words(result)
    assert said.startswith("ACME Acme Corp")
    assert "10-K, Item 1A" in said
    assert "15 Feb 2025" in said
    link = select(result, "a")[0].get("href")
    assert link.startswith(f"/documents/{document.pk}/?start=")
    shown = html.fromstring(advisor.get(link).content.decode())
    assert "single harbour" in " ".join(words(one) for one in select(shown, "mark"))
    assert select(shown, "mark")[0].get("id") == "quote"


def test_results_can_be_narrowed(advisor: Client) -> None:
    filed("AAA", "A harbour may silt up.")
    filed("BBB", "A harbour may close.")
    assert len(select(found(advisor, "q=harbour"), ".result")) == 2
    (one,) = select(found(advisor, "q=harbour&stock=bbb"), ".result")
    assert words(one).startswith("BBB")
    assert not select(found(advisor, "q=harbour&kind=research"), ".result")
    assert not select(found(advisor, "q=harbour&as_of=2025-02-14"), ".result")
    assert len(select(found(advisor, "q=harbour&as_of=2025-02-15"), ".result")) == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Search what the companies filed."),
        ("q=zzzz", "No passage found for “zzzz”."),
        ("q=harbour&stock=NONE", "We don’t know a stock NONE."),
        ("q=harbour&kind=x", "There is no such kind of document."),
        ("q=harbour&as_of=soon", "“soon” is no day or moment. Write 2025-10-31"),
        ("q=<script>", "No passage found for “<script>”."),
    ],
)
def test_states_say_what_to_do(advisor: Client, query: str, said: str) -> None:
    page = found(advisor, query)
    assert said in words(page)
    assert not select(page, ".result")


def test_htmx_gets_the_results_alone(advisor: Client) -> None:
    response = advisor.get("/search/?q=x", headers=HTMX)
    assert response.content.lstrip().startswith(b'<section id="results"')
    assert "HX-Request" in response["Vary"]


def test_research_is_found_by_who_holds_the_plan(advisor: Client) -> None:
    from django.contrib.auth.models import User

    plan = make_plan()
    make_note(make_stock(), plan, text="The harbour is worth more than is thought.")
    assert not select(found(advisor, "q=harbour"), ".result")
    plan.members.add(User.objects.get(username="anna"))
    assert "research note" in words(select(found(advisor, "q=harbour"), ".result")[0])


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(advisor: Client, number: int) -> None:
    for place in range(number):
        filed(f"S{place}", "A harbour may silt up.")
    found(advisor, "q=harbour")
    with CaptureQueriesContext(connection) as caught:
        found(advisor, "q=harbour")
    assert len(caught) <= 14


def test_marked_words_are_those_of_the_question_in_any_form() -> None:
    pieces = marked("Revenues rose; the revenue of 2024 is in.", "How did revenue rise in 2024?")
    assert [piece.text for piece in pieces if piece.is_marked] == ["Revenues", "revenue", "2024"]
    assert "".join(piece.text for piece in pieces) == "Revenues rose; the revenue of 2024 is in."


def test_a_day_ends_in_new_york() -> None:
    assert moment("2025-10-31") == datetime(2025, 11, 1, 3, 59, 59, 999999, tzinfo=UTC)
    assert moment("2025-10-31", ends=False) == datetime(2025, 10, 31, 4, tzinfo=UTC)
    assert moment("2025-10-31T06:01:00-04:00") == datetime(2025, 10, 31, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "x", "2025-13-01", "2025-10-31T06:01", "0001-01-01"])
def test_no_moment(text: str) -> None:
    if text == "0001-01-01":
        assert moment(text).year == 1
        return
    with pytest.raises(NotAMoment):
        moment(text)
