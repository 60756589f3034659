"""The page where a text is checked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from lxml import html

from fa_site.api import CheckRate
from summaries.models import AuditEvent
from tests.faces.selecting import select, words
from tests.factories import make_published_summary

TEXT = "At a glance\r\n\r\nRevenue was $1.2bn in 2024. Revenue was $1.3bn in 2024.\r\nIt is <b>great</b> value, I say."


@pytest.fixture(autouse=True)
def _no_counts_before(db: None) -> None:
    cache.clear()
    make_published_summary()


def posted(client: Client, status: int = 200, **given: Any) -> html.HtmlElement:
    response = client.post("/check/", {"stock": "ACME", "text": TEXT, **given})
    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"
    return html.fromstring(response.content.decode())


def test_the_text_comes_back_with_its_claims_marked(advisor: Client) -> None:
    page = posted(advisor, stock="acme")
    (text,) = select(page, ".checked-text")
    assert text.text_content().replace("\xa0", "") == TEXT.replace("\r\n", "\n")
    assert [one.get("class") for one in select(text, ".said")] == [
        "said said-supported", "said said-contradicted", "said said-not_checkable",
    ]  # fmt: skip
    assert [one.text for one in select(text, ".said-contradicted b")] == ["$1.3bn"]
    rows = select(page, ".claim-row")
    assert [one.get("id") for one in rows] == ["claim-2", "claim-3", "claim-4"]
    assert [one.get("href") for one in select(text, ".said")] == [
        "#claim-2", "#claim-3", "#claim-4",
    ]  # fmt: skip
    assert "revenue for fiscal 2024 was $1.23bn, the text says $1.3bn" in words(rows[1])
    link = select(rows[1], ".claim-evidence a")[0].get("href")
    assert advisor.get(link).status_code == 200
    assert "Risk 100 of 100, critical" in words(select(page, ".checked-head")[0])
    assert select(page, "textarea")[0].text.lstrip("\n") == TEXT.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stock": ""}, "Say which stock the text is about"),
        ({"stock": "NONE"}, "We don’t know a stock NONE."),
        ({"text": " "}, "There is no text."),
        ({"text": "x" * 101}, "The text has 101 characters. Check at most 100 at a time."),
    ],
)
def test_what_cannot_be_checked_says_why(
    advisor: Client, settings: Any, given: dict[str, str], said: str
) -> None:
    settings.CHECK_CHARACTERS = 100
    page = posted(advisor, 400, **{"text": "Revenue.", **given})
    assert said in words(select(page, '[role="alert"]')[0])
    assert not select(page, ".checked")
    assert not AuditEvent.objects.filter(action="check a text").exists()


def test_too_many_texts_wait(advisor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CheckRate, "rate", "1/min", raising=False)
    posted(advisor)
    page = posted(advisor, 429)
    assert "Wait a minute" in words(select(page, '[role="alert"]')[0])
    assert select(page, "textarea")[0].text.strip()


def test_empty_form_is_no_error(advisor: Client) -> None:
    response = advisor.get("/check/?stock=ACME&text=Revenue")
    page = html.fromstring(response.content.decode())
    assert not select(page, '[role="alert"]')
    assert select(page, "#stock")[0].get("value") == "ACME"
    # A text is never taken from an address.
    assert not (select(page, "textarea")[0].text or "").strip()
    assert [one.get("href") for one in select(page, ".masthead-nav a")].count("/check/") == 1


def test_a_form_of_another_site_is_refused(advisor: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = advisor.cookies
    assert client.post("/check/", {"stock": "ACME", "text": TEXT}).status_code == 403
