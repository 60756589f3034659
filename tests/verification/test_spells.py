"""Periods and days in the forms that reports, calls and wires print."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.verification.documents.spells import Kind, spells_of


@pytest.mark.parametrize(
    ("text", "kind", "year", "number"),
    [
        ("2019", Kind.YEAR, 2019, 0),
        ("FY2019", Kind.YEAR, 2019, 0),
        ("FY19", Kind.YEAR, 2019, 0),
        ("fiscal 2018", Kind.YEAR, 2018, 0),
        ("full year 2021", Kind.YEAR, 2021, 0),
        ("2018 fiscal year", Kind.YEAR, 2018, 0),
        ("q1 fy’22", Kind.QUARTER, 2022, 1),
        ("Q4 2020", Kind.QUARTER, 2020, 4),
        ("1Q20", Kind.QUARTER, 2020, 1),
        ("4Q'19", Kind.QUARTER, 2019, 4),
        ("the third quarter of 2021", Kind.QUARTER, 2021, 3),
        ("fiscal year 2019 first quarter", Kind.QUARTER, 2019, 1),
        ("second-quarter", Kind.QUARTER, 0, 2),
        ("first half of 2020", Kind.HALF, 2020, 1),
        ("sequentially", Kind.PRIOR_QUARTER, 0, 0),
        ("year over year", Kind.PRIOR_YEAR, 0, 0),
        ("a year ago", Kind.PRIOR_YEAR, 0, 0),
        ("the prior year quarter", Kind.PRIOR_YEAR, 0, 0),
        ("the prior quarter", Kind.PRIOR_QUARTER, 0, 0),
        ("fy", Kind.FULL_YEAR, 0, 0),
        ("qtrly", Kind.THIS_QUARTER, 0, 0),
    ],
)
def test_one(text: str, kind: Kind, year: int, number: int) -> None:
    (spell,) = spells_of(text)
    assert (spell.kind, spell.year, spell.number) == (kind, year, number)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("December 31, 2018", (2018, 12, 31)),
        ("december 31 , 2008", (2008, 12, 31)),
        ("30 September 2019", (2019, 9, 30)),
        ("9/30/2019", (2019, 9, 30)),
        ("May 2023", (2023, 5, 0)),
        ("March 31", (0, 3, 31)),
    ],
)
def test_days(text: str, day: tuple[int, int, int]) -> None:
    (spell,) = spells_of(text)
    assert (spell.year, spell.month, spell.day) == day


@pytest.mark.parametrize("text", ["$2019", "2019.5", "2,019", "may be 12", "2019 million", "Q5"])
def test_none(text: str) -> None:
    assert spells_of(text) == []


def test_what_follows_a_quarter_is_no_year_of_it() -> None:
    assert [one.year for one in spells_of("Q1 22% growth")] == [0]


@given(st.text(alphabet="0123456789qfyQFY'’/ ,.-ofthequarterdcmbn", max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = spells_of(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
