"""Figures in all the forms that finance prints."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.verification.documents.figures import Unit, figure_of, figures_of


@pytest.mark.parametrize(
    ("text", "value", "unit", "currency", "place"),
    [
        ("$1.2 billion", "1.2e9", Unit.MONEY, "USD", "1e8"),
        ("$1.2bn", "1.2e9", Unit.MONEY, "USD", "1e8"),
        ("$45M", "45e6", Unit.MONEY, "USD", "1e6"),
        ("€5,417 thousand", "5417e3", Unit.MONEY, "EUR", "1e3"),
        ("RMB1.2 billion", "1.2e9", Unit.MONEY, "CNY", "1e8"),
        ("A$633 million", "633e6", Unit.MONEY, "AUD", "1e6"),
        ("eps$0.61", "0.61", Unit.MONEY, "USD", "0.01"),
        ("US$7", "7", Unit.MONEY, "USD", "1"),
        ("DKK 53.7", "53.7", Unit.MONEY, "DKK", "0.1"),
        ("52 euros", "52", Unit.MONEY, "EUR", "1"),
        ("1,203.4", "1203.4", Unit.PLAIN, "", "0.1"),
        ("1,912.5 thousand", "1912500", Unit.PLAIN, "", "100"),
        ("12.3 %", "12.3", Unit.PERCENT, "", "0.1"),
        ("four percent", "4", Unit.PERCENT, "", "1"),
        ("twenty-five percent", "25", Unit.PERCENT, "", "1"),
        ("3 percentage points", "3", Unit.POINTS, "", "1"),
        ("0.3 pts", "0.3", Unit.POINTS, "", "0.1"),
        ("35 bps", "0.35", Unit.POINTS, "", "0.01"),
        ("100 basis point", "1", Unit.POINTS, "", "0.01"),
        ("4.5x", "4.5", Unit.TIMES, "", "0.1"),
        ("13.8 million shares", "13.8e6", Unit.SHARES, "", "1e5"),
        ("-5%", "-5", Unit.PERCENT, "", "1"),
        ("$ (3,781)", "-3781", Unit.MONEY, "USD", "1"),
        ("(45)", "-45", Unit.PLAIN, "", "1"),
        ("($0.12)", "-0.12", Unit.MONEY, "USD", "0.01"),
        ("$4.52 per share", "4.52", Unit.MONEY, "USD", "0.01"),
    ],
)
def test_one(text: str, value: str, unit: Unit, currency: str, place: str) -> None:
    (figure,) = figures_of(text)
    assert (figure.value, figure.unit, figure.currency, figure.place) == (
        Decimal(value), unit, currency, Decimal(place),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("between $530 and $620 million", ["530e6", "620e6"]),
        ("$535 million and $555 million", ["535e6", "555e6"]),
        ("$0.61 - $0.81", ["0.61", "0.81"]),
        ("10 to 12 percent", ["10", "12"]),
        ("from 3 to 2", ["3", "2"]),
    ],
)
def test_ranges_share_scale_and_unit(text: str, values: list[str]) -> None:
    found = figures_of(text)
    assert [one.value for one in found] == list(map(Decimal, values))
    assert len({one.unit for one in found}) == 1


@pytest.mark.parametrize("text", ["10-K", "COVID-19", "4.5G", "3rd", "a word", "—", "", "1.2.3"])
def test_none(text: str) -> None:
    assert figures_of(text) == []


def test_cell() -> None:
    figure = figure_of("9.94% ( 9.94 % )")
    assert figure
    assert (figure.value, figure.unit) == (Decimal("9.94"), Unit.PERCENT)
    assert figure_of("n/a") is None


def test_rounding() -> None:
    (figure,) = figures_of("$1.2 billion")
    assert figure.shows(Decimal("1.249e9"))
    assert not figure.shows(Decimal("1.26e9"))


@given(st.text(alphabet="0123456789.,$€%()-–xkmbn illionthusadpers/'", max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = figures_of(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(
    st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False),
    st.sampled_from(["", " thousand", " million", " billion"]),
)
def test_printed_and_read_again(value: Decimal, scale: str) -> None:
    (figure,) = figures_of(f"${value:,}{scale}")
    power = {"": 0, " thousand": 3, " million": 6, " billion": 9}[scale]
    assert figure.value == value.scaleb(power)
