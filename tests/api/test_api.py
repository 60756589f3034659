from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient
from rest_framework.throttling import UserRateThrottle

from summaries.models import BatchItem, Citation, Claim, Document, Fact, Filing
from tests.factories import make_published_summary, make_run, make_stock, make_summary

pytestmark = pytest.mark.django_db


def answer(client: APIClient, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


def tickers(client: APIClient, query: str) -> list[str]:
    return [row["ticker"] for row in answer(client, query)["results"]]


def test_stock(api: APIClient) -> None:
    summary = make_published_summary(make_stock(sic="3990", industry="Widgets"))
    assert answer(api, "stocks/acme/") == {
        "ticker": "ACME",
        "name": "Acme Corp",
        "cik": 1750,
        "exchange": "NYSE",
        "sic": "3990",
        "sector": "Industrials",
        "industry": "Widgets",
        "coverage": "unknown",
        "coverage_reason": "",
        "published_summary": summary.pk,
    }


def test_summary_is_tiers_of_claims(api: APIClient) -> None:
    summary = make_published_summary()
    found = answer(api, "stocks/ACME/summary/")
    hook = Claim.objects.get(tier="hook")
    assert found["tiers"]["hook"] == {
        "text": "Acme Corp took in $1.2bn in 2024.",
        "words": 7,
        "claims": [
            {
                "id": hook.pk,
                "position": 0,
                "text": "Acme Corp took in $1.2bn in 2024.",
                "verdict": "supported",
                "citations": [Citation.objects.get(claim=hook).pk],
            }
        ],
    }
    del found["tiers"], found["created_at"]
    assert found == {
        "id": summary.pk,
        "ticker": "ACME",
        "version": 1,
        "state": "published",
        "writer": "extractive",
        "data_through": "2024-12-31",
        "filed": "2025-02-14",
        "risk": "0.000",
        "published_at": "2025-11-03T04:30:00-05:00",
    }


def test_citation_leads_to_the_fact_and_the_filing(api: APIClient) -> None:
    summary = make_published_summary()
    citation = Citation.objects.get(claim__tier="hook")
    fact, filing, document = Fact.objects.get(), Filing.objects.get(), Document.objects.get()
    assert answer(api, f"citations/{citation.pk}/") == {
        "id": citation.pk,
        "summary": summary.pk,
        "claim": citation.claim_id,
        "position": 0,
        "quote": "Revenue [us-gaap:Revenues], 1 January 2024 to 31 December 2024: 1,234,000,000 USD",
        "start": citation.start,
        "end": citation.end,
        "claim_start": 18,
        "claim_end": 24,
        "formula": "",
        "document": {
            "id": document.pk,
            "kind": "statements",
            "title": "Acme Corp (ACME): 10-K for the period ended 31 December 2024",
            "sha256": document.sha256,
        },
        "fact": {
            "id": fact.pk,
            "concept": "us-gaap:Revenues",
            "unit": "USD",
            "start": "2024-01-01",
            "end": "2024-12-31",
            "value": "1234000000.000000",
            "filing": {
                "id": filing.pk,
                "form": "10-K",
                "period_end": "2024-12-31",
                "filed": "2025-02-14",
                "accession": filing.accession,
                "sec_url": filing.sec_url,
            },
        },
    }


def test_batch_run_and_items(api: APIClient) -> None:
    run = make_run("published", "failed", "failed")
    assert answer(api, f"batch-runs/{run.pk}/")["items"] == {"published": 1, "failed": 2}
    failed = answer(api, f"batch-runs/{run.pk}/items/?state=failed")
    assert failed["count"] == 2
    first = BatchItem.objects.filter(run=run, state="failed").order_by("stock__ticker")[0]
    assert failed["results"][0] == {
        "id": first.pk,
        "ticker": first.stock.ticker,
        "state": "failed",
        "attempts": 0,
        "summary": None,
        "seconds": None,
        "cost_usd": "0.000000",
        "message": "The database was away.",
        "finished_at": None,
    }


# What can be seen


def test_summaries_are_the_published_ones(api: APIClient, ops_api: APIClient) -> None:
    stock = make_stock()
    make_published_summary(stock, version=1)
    make_summary(stock, version=2, state="held")
    assert [row["version"] for row in answer(api, "summaries/")["results"]] == [1]
    assert answer(api, "summaries/?state=held")["results"] == []
    assert [row["version"] for row in answer(ops_api, "summaries/")["results"]] == [1]
    assert [row["version"] for row in answer(ops_api, "summaries/?state=held")["results"]] == [2]


def test_citations_of_what_is_held_are_not_listed(api: APIClient) -> None:
    held = make_published_summary(state="held")
    assert answer(api, f"citations/?summary={held.pk}")["results"] == []


# Filters and pages


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stocks/", ["AAA", "BBB", "CCC"]),
        ("stocks/?ticker=bbb", ["BBB"]),
        ("stocks/?search=be", ["BBB"]),
        ("stocks/?sector=energy", ["AAA", "CCC"]),
        ("stocks/?has_summary=true", ["CCC"]),
        ("stocks/?has_summary=false&ordering=-ticker", ["BBB", "AAA"]),
        ("stocks/?coverage=not_enough", ["AAA"]),
        ("summaries/?ticker=ccc", ["CCC"]),
        ("summaries/?sector=Materials", []),
        ("summaries/?published_since=2025-11-03T09:30:00Z", ["CCC"]),
        ("summaries/?published_since=2025-11-03T09:30:01Z", []),
        ("summaries/?data_through_since=2024-12-31", ["CCC"]),
        ("summaries/?data_through_since=2025-01-01", []),
    ],
)
def test_filters(api: APIClient, query: str, found: list[str]) -> None:
    make_stock("AAA", sector="Energy", coverage="not_enough", coverage_reason="One quarter.")
    make_stock("BBB", name="Beta", sector="Materials")
    make_published_summary(make_stock("CCC", sector="Energy"))
    assert tickers(api, query) == found


def test_runs_by_state_and_time(api: APIClient) -> None:
    make_run(started_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert answer(api, "batch-runs/?state=finished")["count"] == 1
    assert answer(api, "batch-runs/?state=running")["count"] == 0
    assert answer(api, "batch-runs/?started_since=2999-01-01T00:00:00Z")["count"] == 0


def test_pages_have_a_greatest_size(api: APIClient) -> None:
    for number in range(205):
        make_stock(f"T{number:03}")
    page = answer(api, "stocks/?page_size=1000")
    assert (page["count"], len(page["results"])) == (205, 200)
    assert page["next"] == "http://testserver/api/v1/stocks/?page=2&page_size=1000"
    assert len(answer(api, "stocks/")["results"]) == 50


@pytest.mark.parametrize("number", [1, 3])
def test_summary_queries_do_not_grow(
    api: APIClient, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for place in range(number):
        make_published_summary(make_stock(f"S{place}"))
    # token and user, two for permissions; count, summaries, claims, citations
    with django_assert_num_queries(6):
        answer(api, "summaries/")


@pytest.mark.parametrize("number", [1, 3])
def test_item_queries_do_not_grow(
    api: APIClient, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    run = make_run(*["published"] * number)
    # token and user, two for permissions; run, count, items
    with django_assert_num_queries(5):
        answer(api, f"batch-runs/{run.pk}/items/")


def test_an_unchanged_answer_costs_no_transfer(api: APIClient) -> None:
    make_published_summary()
    first = api.get("/api/v1/stocks/ACME/summary/")
    again = api.get("/api/v1/stocks/ACME/summary/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_summary(make_stock("OTHER"), data_through=date(2025, 1, 1))
    assert api.get("/api/v1/stocks/OTHER/summary/")["ETag"] != first["ETag"]


# Errors


def problem(client: APIClient, path: str, status: int) -> Any:
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    found = response.json()
    assert (found["type"], found["status"], found["instance"]) == (
        "about:blank", status, path.partition("?")[0],
    )  # fmt: skip
    return found


def test_unknown_ticker_says_what_to_do(api: APIClient) -> None:
    found = problem(api, "/api/v1/stocks/NONE/", 404)
    assert found["title"] == "Not Found"
    assert found["detail"] == (
        "There is no stock NONE. Look for it with /api/v1/stocks/?search=<name>."
    )


def test_stock_without_summary_says_why(api: APIClient) -> None:
    make_stock(coverage="not_enough", coverage_reason="Only one quarter is reported.")
    found = problem(api, "/api/v1/stocks/ACME/summary/", 404)
    assert found["detail"] == ("ACME has no published summary. Only one quarter is reported.")


def test_wrong_token(db: None) -> None:
    client = APIClient(headers={"authorization": "Token nonsense"})
    response = client.get("/api/v1/stocks/")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
    assert problem(client, "/api/v1/stocks/", 401)["detail"] == "Invalid token."


def test_no_token(db: None) -> None:
    detail = problem(APIClient(), "/api/v1/stocks/", 401)["detail"]
    assert "Authorization: Token <key>" in detail


def test_wrong_filters_are_named_together(api: APIClient) -> None:
    found = problem(api, "/api/v1/stocks/?coverage=plenty&sectr=Energy", 400)
    assert set(found["errors"]) == {"coverage", "sectr"}
    assert found["errors"]["sectr"] == [
        "There is no such parameter. Filters here: coverage, has_summary, search, sector, ticker."
    ]


def test_page_that_is_not_there(api: APIClient) -> None:
    assert problem(api, "/api/v1/stocks/?page=9", 404)["detail"] == "Invalid page."


def test_path_that_is_not_there(api: APIClient) -> None:
    assert problem(api, "/api/v1/nothing/", 404)["detail"].startswith("There is no such page.")


def test_writing_is_not_offered(api: APIClient) -> None:
    response = api.post("/api/v1/stocks/", {})
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"


def test_throttled(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserRateThrottle, "rate", "1/min", raising=False)
    api.get("/api/v1/stocks/")
    response = api.get("/api/v1/stocks/")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert response.json()["title"] == "Too Many Requests"


def test_broken_inside(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("summaries.api.views._stocks", broken)
    api.raise_request_exception = False
    found = problem(api, "/api/v1/stocks/", 500)
    assert "secret words" not in found["detail"]
