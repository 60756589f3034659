"""A text over REST: what comes back, and errors that say what to do."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from fa_site.api import CheckRate
from summaries.models import AuditEvent
from tests.factories import make_published_summary, make_token, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/checks/"
TEXT = "Revenue was $1.2bn in 2024. Revenue was $1.3bn in 2024."


def sent(client: APIClient, status: int, **given: Any) -> Any:
    answer = client.post(URL, given, format="json")
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


def test_every_claim_comes_back_marked(api: APIClient) -> None:
    summary = make_published_summary()
    fact = summary.stock.facts.get()
    found = sent(api, 200, stock="acme", text=TEXT)
    assert {name: found[name] for name in ("stock", "verdict", "risk", "level")} == {
        "stock": "ACME", "verdict": "contradicted", "risk": "1.0000", "level": "critical",
    }  # fmt: skip
    true, wrong = found["claims"]
    assert true == {
        "start": 0, "end": 27, "text": "Revenue was $1.2bn in 2024.", "kind": "figure",
        "verdict": "supported", "risk": "0.0000", "level": "low", "reasons": [],
        "disagreements": [],
        "evidence": [{
            "source": "10-K filed 14 February 2025", "verdict": "supported",
            "quote": "Revenue [us-gaap:Revenues], 1 January 2024 to 31 December 2024: "
            "1,234,000,000 USD",
            "url": f"/facts/{fact.pk}/", "document": None, "start": None, "end": None, "label": "",
            "fact": fact.pk, "concept": "us-gaap:Revenues", "value": "1234000000.000000",
            "unit": "USD", "period_start": "2024-01-01", "period_end": "2024-12-31",
            "accession": fact.filing.accession,
        }],
    }  # fmt: skip
    assert (wrong["start"], wrong["end"], wrong["verdict"]) == (28, 55, "contradicted")
    [reason] = wrong["reasons"]
    assert TEXT[reason["start"] : reason["end"]] == "$1.3bn"
    assert reason["text"] == ("revenue for fiscal 2024 was $1.23bn, the text says $1.3bn")
    assert wrong["evidence"][0]["verdict"] == "contradicted"


def test_as_of_before_the_facts_were_known(api: APIClient) -> None:
    make_published_summary()
    found = sent(api, 200, stock="ACME", text=TEXT, as_of="2025-02-01")
    assert {one["verdict"] for one in found["claims"]} == {"not_found"}


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"stock": "NONE", "text": "x"}, "stock", "There is no stock NONE. Look for it with"),
        ({"text": "x"}, "stock", "required"),
        ({"stock": "ACME"}, "text", "required"),
        ({"stock": "ACME", "text": " \n"}, "text", "It is empty. Send the text"),
        ({"stock": "ACME", "text": "x" * 301}, "text", "It has 301 characters. Send at most 300"),
        ({"stock": "ACME", "text": "x", "as_of": "soon"}, "as_of", "is no day or moment"),
        ({"stock": "ACME", "text": "x", "txt": "y"}, "txt", "There is no such field."),
    ],
)
def test_wrong_fields_are_named(
    api: APIClient, settings: Any, given: dict[str, str], field: str, said: str
) -> None:
    settings.CHECK_CHARACTERS = 300
    make_published_summary()
    wrong = sent(api, 400, **given)
    assert said in wrong["errors"][field][0]
    assert not AuditEvent.objects.filter(action="check a text").exists()


def test_half_a_character_is_no_text(api: APIClient) -> None:
    make_published_summary()
    body = '{"stock": "ACME", "text": "Revenue \\ud800"}'
    answer = api.post(URL, body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["text"])


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        ("{", "application/json", 400, "The body can't be read: JSON parse error"),
        ("[]", "application/json", 400, "Some values can't be used"),
        ("stock=ACME", "application/x-www-form-urlencoded", 415, "Content-Type: application/json"),
        (" " * 2_700_000, "application/json", 413, "Send a part of it"),
    ],
)
def test_other_bodies_say_what_to_send(
    api: APIClient, body: str, kind: str, status: int, said: str
) -> None:
    answer = api.post(URL, body, content_type=kind)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.content


def test_without_a_right_nothing_is_read() -> None:
    make_published_summary()
    sent(APIClient(), 401, stock="ACME", text=TEXT)
    token = make_token(make_user("gina"))
    sent(APIClient(headers={"authorization": f"Token {token}"}), 403, stock="ACME", text=TEXT)
    assert not AuditEvent.objects.filter(action="check a text").exists()


def test_too_many_texts(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_published_summary()
    monkeypatch.setattr(CheckRate, "rate", "2/min", raising=False)
    for _ in range(2):
        sent(api, 200, stock="ACME", text="Revenue was $1.2bn in 2024.")
    answer = api.post(URL, {"stock": "ACME", "text": "x"}, format="json")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
