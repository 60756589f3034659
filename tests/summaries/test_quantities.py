"""How far a printed number may be from the figure it is printed for, at the very edges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from summaries.verification.quantities import (
    Hedge,
    Kind,
    Quantity,
    hedge_at,
    multiple,
    quantity_at,
)


def quantity(text: str) -> Quantity:
    found = quantity_at(text, 0)
    assert found
    assert found[1] == len(text)
    return found[0]


# (what is printed, the figure): whether it may be printed so.
AGREES = {
    ("6.4%", "0.0645"): True,  # a tie may be rounded either way
    ("6.4%", "0.0635"): True,
    ("6.4%", "0.06451"): False,
    ("6.4%", "0.06349"): False,
    ("0", "0.4"): True,
    ("-5%", "-0.052"): True,
    ("-5%", "0.05"): False,
    ("(45)", "-45.5"): True,
    # "nearly": below, by no more than the last place that is not a zero
    ("nearly 7%", "0.07"): False,
    ("nearly 7%", "0.06"): True,
    ("nearly 7%", "0.0599"): False,
    ("nearly $420bn", "4.1e11"): True,
    ("nearly $420bn", "4.09e11"): False,
    ("nearly $420.0bn", "4.198e11"): False,
    ("nearly $420.0bn", "4.199e11"): True,
    # of a negative number the size is spoken of
    ("nearly -5%", "-0.045"): True,
    ("nearly -5%", "-0.055"): False,
    ("more than -5%", "-0.055"): True,
    ("more than -5%", "-0.045"): False,
    ("nearly 0%", "-0.005"): True,
    ("nearly 0%", "0.005"): False,
    ("more than 6%", "0.06"): False,
    ("more than 6%", "0.07"): True,
    ("more than 6%", "0.0701"): False,
    # "about": half a unit, but no more than a twentieth of the value
    ("about $400bn", "4.2e11"): True,
    ("about $400bn", "3.8e11"): True,
    ("about $400bn", "4.201e11"): False,
    ("about 12%", "0.125"): True,
    ("about 12%", "0.1251"): False,
    ("about 9%", "0.095"): True,
    ("about 9%", "0.0951"): False,
    ("about 10%", "0.105"): True,
    ("about 10%", "0.1051"): False,
    ("about $100", "95"): True,
    ("about $100", "94.9"): False,
    ("about a third", "0.32"): True,
}  # fmt: skip


@pytest.mark.parametrize(("text", "actual"), AGREES)
def test_figure_may_be_printed_so(text: str, actual: str) -> None:
    assert quantity(text).agrees(Decimal(actual)) is AGREES[text, actual]


@pytest.mark.parametrize(
    ("hedge", "actual", "agrees"),
    [
        (Hedge.NONE, "1.95", True),
        (Hedge.NONE, "2.05", True),
        (Hedge.NONE, "1.94", False),
        (Hedge.NONE, "2.06", False),
        (Hedge.BELOW, "1.6", True),
        (Hedge.BELOW, "1.59", False),
        (Hedge.ABOVE, "2.4", True),
        (Hedge.ABOVE, "2.41", False),
    ],
)
def test_multiple_in_a_word_is_as_good_as_a_twentieth(
    hedge: Hedge, actual: str, agrees: bool
) -> None:
    doubled = multiple(Decimal(2))
    said = Quantity(doubled.kind, doubled.value, doubled.place, doubled.coarse, hedge=hedge)
    assert said.kind is Kind.TIMES
    assert said.agrees(Decimal(actual)) is agrees


# What one unit is worth in the last place, and in the last that is not a zero.
PLACES = {
    "420": ("1", "10"),
    "1,000,000": ("1", "1e6"),
    "400bn": ("1e9", "1e11"),
    "400.0bn": ("1e8", "1e8"),
    "0": ("1", "1"),
    "00": ("1", "1"),
    "0.0": ("0.1", "0.1"),
    "120%": ("0.01", "0.1"),
    "12.30%": ("0.0001", "0.0001"),
}


@pytest.mark.parametrize("text", PLACES)
def test_zeros_before_the_point_may_be_rounding_and_after_it_are_meant(text: str) -> None:
    found = quantity(text)
    assert (found.place, found.coarse) == tuple(map(Decimal, PLACES[text]))


CURRENCIES = {
    "$5": "USD", "US$5": "USD", "€5": "EUR", "£5": "GBP", "¥5": "JPY", "₹5": "INR", "CHF 5": "CHF",
    "COP45bn": "COP", "$5 a share": "USD", "5": "", "5%": "", "5 shares": "",
}  # fmt: skip


@pytest.mark.parametrize("text", CURRENCIES)
def test_currency_is_that_of_the_symbol_or_code(text: str) -> None:
    assert quantity(text).currency == CURRENCIES[text]


KINDS = {
    "5": (Kind.COUNT, "5"),
    "5bn": (Kind.COUNT, "5e9"),
    "$5": (Kind.MONEY, "5"),
    "$5 for every ordinary share": (Kind.PER_SHARE, "5"),
    "12 million shares outstanding": (Kind.SHARES, "12e6"),
    "5 pp": (Kind.POINTS, "0.05"),
    "2 percentage-points": (Kind.POINTS, "0.02"),
    "5 basis points": (Kind.POINTS, "0.0005"),
    "5 per cent": (Kind.PERCENT, "0.05"),
    "3-fold": (Kind.TIMES, "3"),
    "5¢": (Kind.CENTS, "0.05"),
    "$-5": (Kind.MONEY, "-5"),
    "minus 5%": (Kind.PERCENT, "-0.05"),
    "two thirds": (Kind.PERCENT, "0.6666666666666666666666666666"),
    "Two-Thirds": (Kind.PERCENT, "0.6666666666666666666666666666"),
    "three quarters": (Kind.PERCENT, "0.75"),
    "twice": (Kind.TIMES, "2"),
    "Double": (Kind.TIMES, "2"),
    "triple": (Kind.TIMES, "3"),
}


@pytest.mark.parametrize("text", KINDS)
def test_unit_and_scale(text: str) -> None:
    found = quantity(text)
    assert (found.kind, found.value) == (KINDS[text][0], Decimal(KINDS[text][1]))


@pytest.mark.parametrize("text", ["1e5", "(5", "5)", "5a", "A5", "half-hearted", "twicely", ""])
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert quantity_at(text, 0) is None


@pytest.mark.parametrize("text", ["$5 per share count", "$5 shares", "$5% more", "$5 times"])
def test_money_takes_no_other_unit(text: str) -> None:
    found = quantity_at(text, 0)
    assert found
    assert (found[0].kind, found[0].value, found[1]) == (Kind.MONEY, Decimal(5), len("$5"))


@pytest.mark.parametrize("text", ["5%", "nearly half", "$5 a share", "twice", "a third", "3x"])
def test_number_is_read_where_it_stands(text: str) -> None:
    alone = quantity(text)
    assert quantity_at(f"was {text}", 4) == (alone, 4 + len(text))
    assert quantity_at(f"5% {text}", 0) == (quantity("5%"), 2)


# What the approximator says, and how many characters it takes.
HEDGES = {
    "just under 7%": (Hedge.BELOW, 11),
    "a little more  than 7%": (Hedge.ABOVE, 20),
    "upwards of $5bn": (Hedge.ABOVE, 11),
    "an estimated $5bn": (Hedge.ABOUT, 13),
    "ABOUT  6%": (Hedge.ABOUT, 7),
    "slightly less\nthan 6%": (Hedge.BELOW, 19),
    "About a third": (Hedge.ABOUT, 6),  # the article belongs to the fraction
    "over an hour": (Hedge.ABOVE, 5),
    "overall 6%": (Hedge.NONE, 0),
    "6%": (Hedge.NONE, 0),
}


@pytest.mark.parametrize("text", HEDGES)
def test_approximator_ends_before_the_number(text: str) -> None:
    assert hedge_at(text, 0) == HEDGES[text]
    assert hedge_at(f"is {text}", 3) == (HEDGES[text][0], 3 + HEDGES[text][1])


def test_after_another_number_more_than_compares() -> None:
    assert quantity_at("more than 5%", 0, hedged=False) is None
    found = quantity_at("more than 5%", 0)
    assert found
    assert found[0].hedge is Hedge.ABOVE
