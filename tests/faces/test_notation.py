from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from summaries.pages import notation
from summaries.templatetags import figures

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("then", "written"),
    [
        (date(2026, 11, 21), "today's"),
        (date(2026, 11, 20), "1 day old"),
        (date(2026, 11, 8), "13 days old"),
        (date(2026, 11, 7), "2 weeks old"),
        (date(2026, 8, 22), "13 weeks old"),
        (date(2026, 8, 21), "3 months old"),
        (date(2024, 11, 22), "23 months old"),
        (date(2024, 11, 21), "2 years old"),
    ],
)
def test_age(then: date, written: str) -> None:
    assert notation.age(then, TODAY) == written


@pytest.mark.parametrize(
    ("data_through", "stale"),
    [(date(2025, 8, 22), False), (date(2025, 8, 21), True), (date(2023, 1, 1), True)],
)
def test_figures_are_stale_from_fifteen_months_on(data_through: date, stale: bool) -> None:
    assert notation.is_stale(data_through, TODAY) is stale


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("416161000000", "USD", "$416.2bn"),
        ("-57900000", "USD", "−$57.9m"),
        ("7.46", "USD/shares", "$7.46 a share"),
        ("15004697000", "shares", "15.0bn shares"),
        ("2600000000", "CHF", "CHF 2.6bn"),
    ],
)
def test_figure(value: str, unit: str, written: str) -> None:
    assert notation.figure(Decimal(value), unit) == written
    assert figures.money(Decimal(value), unit) == written


def test_as_filed_keeps_every_digit() -> None:
    assert notation.as_filed(Decimal("-1234567.500000"), "USD") == "−1,234,567.5 USD"


def test_days() -> None:
    end = date(2025, 9, 27)
    assert notation.days(date(2024, 9, 29), end) == "29 Sep 2024 – 27 Sep 2025"
    assert notation.days(None, end) == "at 27 Sep 2025"


def test_a_moment_is_a_day_on_the_firms_clock() -> None:
    assert figures.day(datetime(2026, 1, 1, 3, tzinfo=UTC)) == "31 Dec 2025"
    assert figures.day(date(2026, 1, 1)) == "1 Jan 2026"


def test_shares_of_something() -> None:
    assert figures.percent(Decimal("0.1234")) == "12.3%"
    assert figures.percent(Decimal("-0.05")) == "−5.0%"
    assert figures.points(Decimal("0.0035")) == "35 bps"


def test_filters_of_nothing_are_empty() -> None:
    nothing = [
        figures.day(None), figures.age(None, TODAY), figures.percent(None), figures.points(None),
        figures.money(None),
    ]  # fmt: skip
    assert nothing == [""] * 5
    assert figures.is_stale(None, TODAY) is False
