"""Prices and estimates, as known at a moment and for who may read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from queries.quick import rows
from queries.values import Citation, Kind
from summaries.models import Stock
from tests.factories import (
    make_estimate,
    make_fact,
    make_filing,
    make_fundamental,
    make_price,
    make_stock,
    make_user,
)
from tests.queries.quick.asking import ask, texts

pytestmark = pytest.mark.django_db
KNOWN = datetime(2025, 7, 1, 12, tzinfo=UTC)
CITED = Citation("FactSet", "FactSet prices", "", "close 185 USD")


@pytest.fixture
def acme(db: None) -> Stock:
    return make_stock("ACME", name="Acme Corp")


@pytest.fixture
def reader(db: None) -> User:
    return make_user("reader", "advisor")


def test_the_last_close_is_told_beside_that_of_a_year_before(acme: Stock, reader: User) -> None:
    make_price(acme, date(2024, 6, 28), "150", known_at=KNOWN - timedelta(days=368))
    make_price(acme, date(2025, 6, 30), "185", known_at=KNOWN)
    make_price(acme, date(2025, 7, 1), "190", known_at=KNOWN + timedelta(days=1))
    told = ask("ACME share price", reader, as_of=KNOWN)
    assert texts(told) == [
        "Acme closed at $185.00 on 30 Jun 2025.".replace("Jun", "June"),
        "That is 23.3% above the close of $150.00 on 28 June 2024.",
    ]
    assert told.claims[0].citations == (
        Citation(
            "FactSet", "FactSet prices, as known 1 July 2025", "", "close 185 USD", "30 June 2025"
        ),
    )
    assert texts(ask("ACME share price", reader))[0] == "Acme closed at $190.00 on 1 July 2025."


def test_a_price_over_time_is_a_chart_of_bounded_length(acme: Stock, reader: User) -> None:
    for number in range(150):
        day = date(2025, 1, 1) + timedelta(days=number)
        make_price(acme, day, str(100 + number), known_at=KNOWN)
    [chart] = ask("ACME share price over the last 2 years", reader).charts
    [line] = chart.series
    assert (chart.unit, len(line.points) <= 61) == ("USD", True)
    assert (line.points[0].label, line.points[0].value) == ("1 January 2025", Decimal(100))
    assert line.points[-1].value == Decimal(249)


def test_the_newest_consensus_is_told_with_its_range(acme: Stock, reader: User) -> None:
    make_estimate(
        acme, "7.10", known_at=KNOWN - timedelta(days=90), estimate_date=date(2025, 3, 31)
    )
    make_estimate(
        acme, "7.80", known_at=KNOWN, low=Decimal("7.2"), high=Decimal("8.35"), estimate_count=32
    )
    make_estimate(acme, "1250000000", known_at=KNOWN, metric="SALES")
    told = ask("What EPS do analysts expect of ACME?", reader, as_of=KNOWN)
    assert texts(told) == [
        "Analysts expect Acme's earnings per share to be $7.80 for the fiscal year to 31 December "
        "2025, the mean of 32 estimates, from $7.20 to $8.35, by FactSet's consensus of 30 June "
        "2025."
    ]
    sales = ask("ACME revenue estimates for 2025", reader, as_of=KNOWN)
    assert texts(sales) == [
        "Analysts expect Acme's revenue to be $1.3bn for the fiscal year to 31 December 2025, by "
        "FactSet's consensus of 30 June 2025."
    ]
    assert ask("ACME eps estimates for 2031", reader, as_of=KNOWN).kind is Kind.UNSAID


def test_factset_answers_where_no_filing_does(acme: Stock, reader: User) -> None:
    make_fundamental(acme, "1100000000", known_at=KNOWN - timedelta(days=9))
    make_fundamental(acme, "1234000000", known_at=KNOWN)
    make_fundamental(
        acme, "2.5", known_at=KNOWN, metric="FF_EPS_DIL", periodicity="QTR", fiscal_year=2025,
        fiscal_period=1, fiscal_end=date(2025, 3, 31),
    )  # fmt: skip
    told = ask("ACME revenue in 2024", reader, as_of=KNOWN)
    assert texts(told) == [
        "FactSet has Acme's revenue at $1.2bn for the fiscal year to 31 December 2024."
    ]
    [cited] = told.claims[0].citations
    assert (cited.source, cited.quote) == ("FactSet", "FF_SALES: 1,234,000,000 USD")
    early = ask("ACME revenue in 2024", reader, as_of=KNOWN - timedelta(days=5))
    assert "$1.1bn" in early.text
    assert texts(ask("ACME eps Q1 2025", reader, as_of=KNOWN)) == [
        "FactSet has Acme's diluted earnings per share at $2.50 for the fiscal quarter to 31 March "
        "2025."
    ]
    assert ask("ACME revenue in 2019", reader, as_of=KNOWN).kind is Kind.UNSAID


def test_what_a_filing_says_goes_before_factset(acme: Stock, reader: User) -> None:
    make_fact(make_filing(acme), 1_300_000_000)
    make_fundamental(acme, "1234000000", known_at=KNOWN)
    assert texts(ask("ACME revenue in 2024", reader)) == ["Acme's revenue was $1.3bn in 2024."]


def test_market_data_is_kept_from_who_may_not_read_it(acme: Stock) -> None:
    make_price(acme, date(2025, 6, 30), "185", known_at=KNOWN)
    make_estimate(acme, "7.80", known_at=KNOWN)
    make_fundamental(acme, "1234000000", known_at=KNOWN)
    stranger = make_user("stranger")
    for question in ("ACME share price", "ACME eps estimates", "ACME revenue in 2024"):
        told = ask(question, stranger)
        assert told.kind is Kind.UNSAID
        assert "185" not in told.text
        assert "7.8" not in told.text
        assert "$1.2" not in told.text


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Acme closed at $185.00 on 30 June 2025.", True),
        ("Acme closed at $186.00 on 30 June 2025.", False),
        ("Acme closed at $185.00 on 29 June 2025.", False),
        ("Acme closed at $185.00 on 30 June 2024.", False),
        ("Acme closed at $185m on 30 June 2025.", False),
    ],
)
def test_a_sentence_that_its_row_does_not_bear_is_not_told(text: str, is_told: bool) -> None:
    told = rows.told(text, values=[Decimal(185)], days=[date(2025, 6, 30)], citation=CITED)
    assert (told is not None) is is_told
