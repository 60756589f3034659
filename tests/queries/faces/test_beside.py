"""A document's passage beside the text that cites it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from summaries.models import Document
from tests.faces.selecting import select, words
from tests.factories import (
    filing_html,
    make_filing,
    make_filing_document,
    make_note,
    make_plan,
    make_stock,
)
from tests.queries.faces.rows import part_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Document:
    lines = "".join(f"<p>Line {number} of what we depend on.</p>" for number in range(40))
    return make_filing_document(make_filing(make_stock()), filing_html(lines))


def test_the_span_is_marked_with_the_lines_around_it(advisor: Client, document: Document) -> None:
    start = document.text.index("Line 20")
    path = f"/documents/{document.pk}/?start={start}&end={start + 7}"
    part = part_of(advisor, path)
    assert [words(one) for one in select(part, "mark.quote")] == ["Line 20"]
    passage = words(select(part, "pre.passage")[0])
    assert "Line 19" in passage
    assert "Line 21" in passage
    assert "Line 2 " not in passage
    assert [one.get("href") for one in select(part, ".proof-title a")] == [f"{path}#quote"]
    assert select(part, "[data-close-evidence]")
    whole = html.fromstring(advisor.get(path).content.decode())
    assert (whole.tag, [words(one) for one in select(whole, "mark#quote")]) == ("html", ["Line 20"])


@pytest.mark.parametrize("span", ["", "?start=5", "?start=9&end=5", "?start=0&end=99999999", "?start=a&end=b"])  # fmt: skip
def test_an_impossible_span_is_the_page_itself(
    advisor: Client, document: Document, span: str
) -> None:
    response = advisor.get(f"/documents/{document.pk}/{span}", headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert not select(html.fromstring(response.content.decode()), "mark")


def test_research_is_for_who_holds_its_plan(advisor: Client, anna: User) -> None:
    plan = make_plan(anna)
    note = make_note(make_stock(), plan)
    path = f"/documents/{note.document_id}/?start=0&end=7"
    assert [words(one) for one in select(part_of(advisor, path), "mark")] == ["Margins"]
    plan.members.remove(anna)
    assert advisor.get(path, headers={"HX-Request": "true"}).status_code == 404
