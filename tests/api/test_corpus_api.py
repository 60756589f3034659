from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from summaries.models import Document
from tests.api.test_api import answer, problem
from tests.factories import (
    filing_html,
    make_estimate,
    make_fact,
    make_filing,
    make_filing_document,
    make_fundamental,
    make_note,
    make_plan,
    make_price,
    make_stock,
)

pytestmark = pytest.mark.django_db
MAY, JUNE = datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)


def filed(ticker: str = "ACME", said: str = "Our supply chain depends on one harbour.") -> Document:
    body = (
        "<p>Annual report of the company on its business and its risks in the year</p>"
        f"<p><b>Item 1A. Risk Factors</b></p><p>{said}</p>"
    )
    filing = make_filing(make_stock(ticker), accepted_at=datetime(2025, 2, 14, 11, 1, tzinfo=UTC))
    return make_filing_document(filing, filing_html(body))


def reader(client: APIClient) -> Any:
    from django.contrib.auth.models import User

    return User.objects.get(username="machine")


# Documents


def test_document_with_sections_and_a_part_of_its_text(api: APIClient) -> None:
    document = filed()
    found = answer(api, f"documents/{document.pk}/?start=0&end=13")
    assert found["text"] == document.text[:13]
    assert found["characters"] == len(document.text)
    assert [one["item"] for one in found["sections"]] == ["", "1A"]
    assert found["filing"]["form"] == "10-K"
    assert (found["kind"], found["ticker"], found["is_current"]) == ("filing", "ACME", True)
    assert found["public_at"] == "2025-02-14T06:01:00-05:00"
    assert answer(api, f"documents/{document.pk}/")["text"] is None


def test_offsets_are_code_points(api: APIClient) -> None:
    document = filed(said="The 𝟙 harbour costs €5 and naïve plans.")
    start = document.text.index("harbour")
    found = answer(api, f"documents/{document.pk}/?start={start}&end={start + 7}")
    assert found["text"] == "harbour"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("start=5", {"end": ["Give start and end, or neither."]}),
        ("start=5&end=5", {"end": ["Ask for 1 to 20000 characters at a time, end after start."]}),
        (
            "start=0&end=20001",
            {"end": ["Ask for 1 to 20000 characters at a time, end after start."]},
        ),
        ("start=x&end=3", {"start": ["A valid integer is required."]}),
        ("from=1", {"from": ["There is no such parameter. Parameters here: end, start."]}),
    ],
)
def test_wrong_ranges_are_named(api: APIClient, query: str, wrong: dict[str, list[str]]) -> None:
    path = f"/api/v1/documents/{filed().pk}/?{query}"
    assert problem(api, path, 400)["errors"] == wrong


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2), ("?ticker=aaa", 1), ("?form=10-k", 2), ("?form=8-K", 0), ("?kind=filing", 2),
        ("?kind=exhibit", 0), ("?current=true", 2), ("?current=false", 0), ("?since=2025-02-14", 2),
        ("?since=2025-02-15", 0), ("?until=2025-02-14", 2), ("?until=2025-02-13", 0),
    ],
)  # fmt: skip
def test_documents_are_filtered(api: APIClient, query: str, number: int) -> None:
    filed("AAA")
    filed("BBB")
    assert answer(api, f"documents/{query}")["count"] == number


def test_a_moment_without_its_zone_says_what_lacks(api: APIClient) -> None:
    found = problem(api, "/api/v1/documents/?since=2025-02-14T06:00", 400)
    assert "has no time zone. Add Z or an offset" in found["errors"]["since"][0]


@pytest.mark.parametrize("number", [1, 3])
def test_document_queries_do_not_grow(
    api: APIClient, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for place in range(number):
        filed(f"S{place}")
    # token and user, two for permissions; count, documents
    with django_assert_num_queries(4):
        answer(api, "documents/")


# Facts


def test_fact_says_what_was_known_when(api: APIClient) -> None:
    filing = make_filing(make_stock())
    old = make_fact(filing, 1_000)
    amended = make_filing(
        filing.stock, form="10-K/A", accession="0000001750-25-000009", filed=date(2025, 6, 1)
    )
    new = make_fact(amended, 900)
    found = answer(api, f"facts/{old.pk}/")
    assert [
        (one["fact"], one["value"], one["change"], one["is_amendment"]) for one in found["versions"]
    ] == [
        (new.pk, "900.000000", "-100.000000", True),
        (old.pk, "1000.000000", None, False),
    ]


# Search


def test_search_gives_passages_with_their_place(api: APIClient) -> None:
    document = filed()
    found = answer(api, "search/?q=supply+chain&stock=acme&k=1")
    (one,) = found["results"]
    assert found["count"] == 1
    assert one["quote"] == document.text[one["start"] : one["end"]]
    assert (one["document"], one["item"], one["form"]) == (document.pk, "1A", "10-K")
    assert one["url"].startswith(f"/documents/{document.pk}/?start={one['start']}&end=")


def test_search_narrows(api: APIClient) -> None:
    filed("AAA")
    filed("BBB")

    def tickers(query: str) -> set[str]:
        return {one["ticker"] for one in answer(api, f"search/?q=harbour&{query}")["results"]}

    assert tickers("") == {"AAA", "BBB"}
    assert tickers("stock=AAA") == {"AAA"}
    assert tickers("stock=AAA&stock=bbb") == {"AAA", "BBB"}
    assert tickers("form=10-K&kind=filing&kind=exhibit") == {"AAA", "BBB"}
    assert tickers("form=8-K") == set()
    assert tickers("as_of=2025-02-13") == set()
    assert tickers("as_of=2025-02-14T11:01:00Z") == {"AAA", "BBB"}
    assert tickers("since=2025-02-15") == set()
    assert tickers("until=2025-02-13") == set()


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("", "q", "This field is required."),
        ("q=x&k=51", "k", "Ensure this value is less than or equal to 50."),
        ("q=x&stock=NONE&stock=ACME", "stock", "There is no stock NONE. Look for it with"),
        ("q=x&as_of=soon", "as_of", "“soon” is no day or moment. Write 2025-10-31"),
        ("q=x&since=2025-02-02&until=2025-02-01", "until", "It is before since"),
        ("q=x&stocks=ACME", "stocks", "There is no such parameter. Parameters here: as_of, form,"),
    ],
)
def test_wrong_searches_say_what_to_do(api: APIClient, query: str, name: str, said: str) -> None:
    make_stock()
    found = problem(api, f"/api/v1/search/?{query}", 400)["errors"]
    assert said in str(found[name])


# Research and filings of a stock


def test_research_is_for_who_holds_the_plan(api: APIClient) -> None:
    plan, stock = make_plan(), make_stock()
    note = make_note(stock, plan)
    make_note(stock, plan, text="Gone.", source_id="n2", status="recalled")
    assert answer(api, "stocks/ACME/research/")["results"] == []
    plan.members.add(reader(api))
    (one,) = answer(api, "stocks/ACME/research/")["results"]
    assert (one["id"], one["publisher"], one["document"]) == (
        note.pk, "Example Securities", note.document_id,
    )  # fmt: skip
    assert one["issuers"][0] == {
        "ticker": "ACME", "name": "Acme Corp", "is_primary": True, "rating": "outperform",
        "rating_words": "", "prior_rating": "neutral", "prior_rating_words": "",
        "rating_action": "", "target_price": "245.000000", "prior_target_price": "210.000000",
        "target_action": "", "estimate_action": "", "coverage_action": "", "currency": "USD",
        "estimates": [],
    }  # fmt: skip
    assert answer(api, "stocks/ACME/research/?publisher=nobody")["count"] == 0


def test_filings_say_where_their_texts_are(api: APIClient) -> None:
    document = filed()
    make_filing(
        document.stock, year=2025, form="8-K", items="2.02,9.01", period_end=date(2025, 4, 30),  # type: ignore[arg-type]
        filed=date(2025, 4, 30), accession="0000001750-25-000011",
    )  # fmt: skip
    found = answer(api, "stocks/ACME/filings/")["results"]
    assert [(one["form"], one["items"], one["documents"]) for one in found] == [
        ("8-K", "2.02,9.01", []), ("10-K", "", [document.pk]),
    ]  # fmt: skip
    assert answer(api, "stocks/ACME/filings/?form=8-k&filed_since=2025-04-30")["count"] == 1


# Market data, as known when


def test_prices_are_those_known_then(api: APIClient) -> None:
    stock = make_stock()
    make_price(stock, date(2025, 4, 30), "100", known_at=MAY)
    make_price(stock, date(2025, 4, 30), "50", known_at=JUNE)  # a split
    make_price(stock, date(2025, 5, 30), "51", known_at=JUNE)

    def closes(query: str) -> list[str]:
        rows = answer(api, f"stocks/ACME/prices/{query}")["results"]
        return [row["close"] for row in rows]

    assert closes("") == ["51.000000", "50.000000"]
    assert closes("?as_of=2025-05-02") == ["100.000000"]
    assert closes("?as_of=2025-05-01T00:00:00Z") == ["100.000000"]
    assert closes("?as_of=2025-04-01") == []
    assert closes("?since=2025-05-01") == ["51.000000"]
    assert closes("?until=2025-05-01") == ["50.000000"]


def test_estimates_and_fundamentals_are_those_known_then(api: APIClient) -> None:
    stock = make_stock()
    for known_at, mean, sales in ((MAY, "7", "1000"), (JUNE, "8", "1100")):
        make_estimate(stock, mean, known_at=known_at)
        make_fundamental(stock, sales, known_at=known_at)

    def of(path: str, field: str) -> list[str]:
        return [row[field] for row in answer(api, f"stocks/ACME/{path}")["results"]]

    assert of("estimates/", "mean") == ["8.000000"]
    assert of("estimates/?as_of=2025-05-02&metric=eps", "mean") == ["7.000000"]
    assert of("fundamentals/", "value") == ["1100.000000"]
    assert of("fundamentals/?as_of=2025-05-02", "value") == ["1000.000000"]
    assert of("fundamentals/?metric=FF_EPS", "value") == []


@pytest.mark.parametrize("path", ["prices", "estimates", "fundamentals"])
def test_market_data_of_wrong_questions(api: APIClient, path: str) -> None:
    make_stock()
    wrong = problem(api, f"/api/v1/stocks/ACME/{path}/?as_of=then", 400)
    assert "is no day or moment" in wrong["errors"]["as_of"][0]
    missing = problem(api, f"/api/v1/stocks/NONE/{path}/", 404)
    assert missing["detail"].startswith("There is no stock NONE.")
