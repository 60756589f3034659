"""Period expressions: where they stand, days that don't exist, and what they end at."""

from __future__ import annotations

from datetime import date

import pytest

from summaries.periods import Span
from summaries.verification.whens import (
    At,
    Between,
    Earlier,
    Ended,
    EndOf,
    Latest,
    Quarter,
    QuarterBefore,
    Same,
    When,
    Year,
    number_of,
    when_at,
)

WHENS: dict[str, When] = {
    "Fiscal 2024": Year(2024),
    "IN FY'24": Year(2024),
    "the 2024 financial year": Year(2024),
    "during 2024": Year(2024),
    "from 4 March 2025 to 30 June 2025": Between(date(2025, 3, 4), date(2025, 6, 30)),
    "the half-year ended 31 Dec. 2024": Ended(Span.HALF, date(2024, 12, 31)),
    "the first  nine months ended Sept. 30, 2024": Ended(Span.NINE_MONTHS, date(2024, 9, 30)),
    "the 12 months to 31 March 2024": Ended(Span.YEAR, date(2024, 3, 31)),
    "at 27 Jan. 2025": At(date(2025, 1, 27)),
    "on May 4, 2025": At(date(2025, 5, 4)),
    "by 29 February 2024": At(date(2024, 2, 29)),
    "at the end of the year": EndOf(),
    "at the close of fiscal 2024": EndOf(Year(2024)),
    "at the end of FY24": EndOf(Year(2024)),
    "the end of the Third quarter": EndOf(Quarter(3)),
    "at the fiscal year's end": EndOf(),
    "quarter-end": EndOf(),
    "the second fiscal quarter of 2024": Quarter(2, 2024),
    "the 4th quarter of the fiscal year": Quarter(4),
    "its 1st quarter": Quarter(1),
    "q1": Quarter(1),
    "one year ago": Earlier(),
    "the comparable quarter last year": Earlier(),
    "the prior-year period": Earlier(),
    "Five years before": Earlier(5),
    "12 years earlier": Earlier(12),
    "the quarter before": QuarterBefore(),
    "a quarter ago": QuarterBefore(),
    "its latest reported half year": Latest(Span.HALF),
    "the last twelve  months": Latest(Span.YEAR),
    "in the period": Same(None),
    "in that fiscal year": Same(Span.YEAR),
    "for the six  months": Same(Span.HALF),
    "over the Nine months": Same(Span.NINE_MONTHS),
}


@pytest.mark.parametrize("text", WHENS)
def test_period_is_read_where_it_stands_and_to_its_end(text: str) -> None:
    assert when_at(text, 0) == (WHENS[text], len(text))
    assert when_at(f"Rose {text}, it said", 5) == (WHENS[text], 5 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        "from 31 June 2025 to 30 September 2025",  # no such day
        "from 1 June 2025 to 31 September 2025",
        "the year ended 31 June 2025",
        "at 29 February 2025",
        "fiscal 0000",
        "at the end of fiscal 0000",
        "2024-based",
        "fiscal 2024-style",
        "a year earlierish",
        "the quarter",  # without a preposition it may be anything
        "Q5",
        "2024 million",
        "FY2024.5",
        "",
    ],
)
def test_what_is_no_period_is_not_read_as_one(text: str) -> None:
    assert when_at(text, 0) is None


@pytest.mark.parametrize(
    ("month", "number"),
    [
        ("jan", 1), ("February", 2), ("Mar.", 3), ("april", 4), ("May", 5), ("June", 6),
        ("Jul.", 7), ("Aug", 8), ("Sept.", 9), ("Oct.", 10), ("NOVEMBER", 11), ("Dec.", 12),
    ],
)  # fmt: skip
def test_month_in_full_and_short(month: str, number: int) -> None:
    day = At(date(2024, number, 9))
    for text in (f"9 {month} 2024", f"{month} 9, 2024"):
        assert when_at(text, 0) == (day, len(text))


@pytest.mark.parametrize(("word", "number"), [("Zero", 0), ("twenty", 20), ("12", 12), ("7", 7)])
def test_number_in_a_word_or_digits(word: str, number: int) -> None:
    assert number_of(word) == number
