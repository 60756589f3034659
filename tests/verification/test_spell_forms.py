"""What each period of a text is, field by field: its kind, year, number, day and place."""

from __future__ import annotations

import pytest

from summaries.verification.documents.spells import Spell, spells_of, year_of


def shown(spell: Spell) -> str:
    said = [f"“{spell.text}” {spell.kind.value}"]
    numbers = {"no": spell.number, "month": spell.month, "day": spell.day, "of": spell.count}
    said += [str(spell.year)] if spell.year else []
    said += [f"{name} {number}" for name, number in numbers.items() if number]
    return " ".join(said + ["fiscal"] * spell.is_fiscal)


FORMS: dict[str, list[str]] = {
    # years
    "2019": ["“2019” year 2019"],
    "in 1998.": ["“1998” year 1998"],
    "fiscal 2018": ["“fiscal 2018” year 2018 fiscal"],
    "FY2019": ["“FY2019” year 2019 fiscal"],
    "FY19": ["“FY19” year 2019 fiscal"],
    "FY 19": ["“FY 19” year 2019 fiscal"],
    "FY'19": ["“FY'19” year 2019 fiscal"],
    "fy’70": ["“fy’70” year 1970 fiscal"],
    "calendar year 2021": ["“calendar year 2021” year 2021"],
    "full-year 2021": ["“full-year 2021” year 2021"],
    "CY 2021": ["“CY 2021” year 2021"],
    "the year ended 2020": ["“the year ended 2020” year 2020"],
    "years 2020": ["“years 2020” year 2020"],
    "2018 fiscal year": ["“2018 fiscal year” year 2018 fiscal"],
    "2018 financial year": ["“2018 financial year” year 2018 fiscal"],
    "2019E": ["“2019E” year 2019"],
    "2019e revenue": ["“2019e” year 2019"],
    "2019 revenue": ["“2019” year 2019"],
    "2019 million": [],
    "2019%": [],
    "2019.5": [],
    "2,019": [],
    "$2019": [],
    "19": [],
    "1899": [],
    # quarters
    "Q1": ["“Q1” quarter no 1"],
    "q4 2020": ["“q4 2020” quarter 2020 no 4"],
    "Q4'20": ["“Q4'20” quarter 2020 no 4"],
    "1Q20": ["“1Q20” quarter 2020 no 1"],
    "1Q 2020": ["“1Q 2020” quarter 2020 no 1"],
    "Q2-19": ["“Q2-19” quarter 2019 no 2"],
    "Q3 19%": ["“Q3” quarter no 3"],
    "Q3 19.5": ["“Q3” quarter no 3"],
    "Q3 FY 22": ["“Q3 FY 22” quarter 2022 no 3 fiscal"],
    "first quarter": ["“first quarter” quarter no 1"],
    "the Second fiscal quarter of 2021": [
        "“the Second fiscal quarter of 2021” quarter 2021 no 2 fiscal",
    ],
    "third-quarter 2021": ["“third-quarter 2021” quarter 2021 no 3"],
    "4th quarter of the fiscal year 2021": [
        "“4th quarter of the fiscal year 2021” quarter 2021 no 4 fiscal",
    ],
    "final quarter": ["“final quarter” quarter no 4"],
    "fiscal 2019 first quarter": ["“fiscal 2019 first quarter” quarter 2019 no 1 fiscal"],
    "FY19 Q3": ["“FY19 Q3” quarter 2019 no 3 fiscal"],
    "fourth quarters": ["“fourth quarters” quarter no 4"],
    "1st qtr in 2020": ["“1st qtr in 2020” quarter 2020 no 1"],
    "Q5": [],
    # halves
    "first half of 2020": ["“first half of 2020” half 2020 no 1"],
    "H1 2020": ["“H1 2020” half 2020 no 1"],
    "h2'19": ["“h2'19” half 2019 no 2"],
    "2H": ["“2H” half no 2"],
    "1H 2020": ["“1H 2020” half 2020 no 1"],
    "second half of fiscal 2020": ["“second half of fiscal 2020” half 2020 no 2 fiscal"],
    "2nd-half": ["“2nd-half” half no 2"],
    # days and months
    "December 31, 2018": ["“December 31, 2018” day 2018 month 12 day 31"],
    "31 December 2018": ["“31 December 2018” day 2018 month 12 day 31"],
    "Sept. 30 2019": ["“Sept. 30 2019” day 2019 month 9 day 30"],
    "jun 30": ["“jun 30” day month 6 day 30"],
    "May 4th, 2020": ["“May 4th, 2020” day 2020 month 5 day 4"],
    "9/30/2019": ["“9/30/2019” day 2019 month 9 day 30"],
    "1/2/98": ["“1/2/98” day 1998 month 1 day 2"],
    "1/2/05": ["“1/2/05” day 2005 month 1 day 2"],
    "March 31": ["“March 31” day month 3 day 31"],
    "May 12%": [],
    "may be 12": [],
    "May 2023": ["“May 2023” month 2023 month 5"],
    "Jan. of 2020": ["“Jan. of 2020” month 2020 month 1"],
    "november, 2021": ["“november, 2021” month 2021 month 11"],
    "july 2019": ["“july 2019” month 2019 month 7"],
    # months
    "three months ended": ["“three months ended” months of 3"],
    "the first nine months": ["“the first nine months” months of 9"],
    "12-month": ["“12-month” months of 12"],
    "six months": ["“six months” months of 6"],
    "Twelve-months": ["“Twelve-months” months of 12"],
    "5 months": [],
    # by the document's own period
    "last year": ["“last year” prior_year"],
    "a year ago": ["“a year ago” prior_year"],
    "the prior-year quarter": ["“the prior-year quarter” prior_year"],
    "same period of the prior year": ["“same period of the prior year” prior_year"],
    "the comparable quarter last year": ["“the comparable quarter last year” prior_year"],
    "year-over-year": ["“year-over-year” prior_year"],
    "yoy": ["“yoy” prior_year"],
    "one year earlier": ["“one year earlier” prior_year"],
    "sequentially": ["“sequentially” prior_quarter"],
    "compared to the prior quarter": ["“compared to the prior quarter” prior_quarter"],
    "last quarter": ["“last quarter” prior_quarter"],
    "q/q": ["“q/q” prior_quarter"],
    "next quarter": ["“next quarter” next_quarter"],
    "the coming fiscal year": ["“the coming fiscal year” next_year"],
    "next year": ["“next year” next_year"],
    "the full year": ["“the full year” full_year"],
    "annually": ["“annually” full_year"],
    "full fiscal year": ["“full fiscal year” full_year"],
    "fy": ["“fy” full_year"],
    "this quarter": ["“this quarter” this_quarter"],
    "the current fiscal quarter": ["“the current fiscal quarter” this_quarter"],
    "quarterly": ["“quarterly” this_quarter"],
    "the latest quarter": ["“the latest quarter” this_quarter"],
    "this year": ["“this year” this_year"],
    "the current year": ["“the current year” this_year"],
    "year to date": ["“year to date” this_year"],
    # several
    "in the first half of 2020 and in May 2023, too": [
        "“the first half of 2020” half 2020 no 1",
        "“May 2023” month 2023 month 5",
    ],
    "from six months to last year and by 3 May 2020 again": [
        "“six months” months of 6",
        "“last year” prior_year",
        "“3 May 2020” day 2020 month 5 day 3",
    ],
    "from Q1 2020 to Q2 2020 and FY21": [
        "“Q1 2020” quarter 2020 no 1",
        "“Q2 2020” quarter 2020 no 2",
        "“FY21” year 2021 fiscal",
    ],
    "between 2018 and 2019": ["“2018” year 2018", "“2019” year 2019"],
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_periods_of_a_text_are_read_whole(text: str) -> None:
    found = spells_of(text)
    assert [shown(one) for one in found] == FORMS[text]
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]


MONTHS = "January February March April May June July August September October November December"


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS.split(), start=1)))
def test_month_in_full_and_short(number: int, month: str) -> None:
    for name in (month, month[:3], f"{month[:3]}.", month.upper()):
        for text in (f"{name} 9, 2024", f"9 {name} 2024"):
            [found] = spells_of(text)
            assert (found.year, found.month, found.day) == (2024, number, 9), text
        [found] = spells_of(f"{name} 2024")
        assert (found.year, found.month, found.day) == (2024, number, 0)


@pytest.mark.parametrize(
    ("said", "year"),
    [("2019", 2019), ("1969", 1969), ("'19", 2019), ("FY00", 2000), ("fy 69", 2069), ("’70", 1970)],
)
def test_two_digits_are_a_year_of_this_century_or_the_last(said: str, year: int) -> None:
    assert year_of(said) == year
