"""How a sentence is read, before anything is proven: whole readings, one family a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.periods import Span
from summaries.verification.assertions import Assertion, Equal, Moved, Ordered, Ran, Ranked
from summaries.verification.marks import Names, plain
from summaries.verification.quantities import Hedge, Kind, Quantity, quantity_at
from summaries.verification.reading import read
from summaries.verification.sentences import sentences
from summaries.verification.terms import name_of
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
    when_at,
)

NAMES = Names(
    frozenset({"Acme Tools, Inc.", "Acme", "ACMT"}), frozenset({"Globex", "Gap", "A", "IT"})
)


def when_shown(when: When | None) -> str:
    match when:
        case None:
            return ""
        case Year(number):
            return f" in {number}"
        case Earlier(years):
            return f" {years}y before"
        case Ended(span, end):
            return f" {span.value} to {end}"
        case At(day):
            return f" at {day}"
    return f" {when}"


def shown(assertion: Assertion) -> str:
    """One line an assertion, so that a reading can be compared as a whole."""
    term = assertion.left if isinstance(assertion, Ordered) else assertion.term
    said = next((m.text for m in assertion.marks if isinstance(m.value, Quantity)), "")
    at = when_shown(assertion.when)
    match assertion:
        case Equal(at_base=at_base):
            base = f" (from{when_shown(assertion.base)})" if at_base else ""
            return f"{name_of(term)} = {said}{at}{base}"
        case Moved(direction=direction):
            by = said or (f"x{assertion.printed.value}" if assertion.printed else "?")
            since = when_shown(assertion.base) if assertion.base else ""
            over = f" over {assertion.over.years}y" if assertion.over else ""
            return f"{name_of(term)} {'-0+'[direction + 1]} {by}{at}{' from' if since else ''}{since}{over}"
        case Ordered(direction=direction):
            by = f" by {said}" if assertion.printed else ""
            return f"{name_of(term)} {'<=>'[direction + 1]} {name_of(assertion.right)}{by}{at}"
        case Ranked(direction=direction, window=window):
            record = " on record" if window.on_record else ""
            return (
                f"{name_of(term)} {'min' if direction < 0 else 'max'} of {window.years}{record}{at}"
            )
        case Ran(direction=direction):
            exact = "exactly " if assertion.exact else ""
            since = when_shown(assertion.since)
            return f"{name_of(term)} {'-0+'[direction + 1]} for {exact}{assertion.years}{since}{at}"
    return f"{type(assertion).__name__} {name_of(term)}{at}"


def reading(sentence: str) -> list[str]:
    read_as = read(plain(sentence), 0, len(sentence), NAMES)
    assert read_as.checkable
    return [shown(one) for one in read_as.assertions] + [
        f"?{mark.text}" for mark, _ in read_as.unread
    ]


READINGS: dict[str, list[str]] = {
    # levels
    "In fiscal 2025, revenue was $416.2bn.": ["revenue = $416.2bn in 2025"],
    "Net sales totaled $1,203.4 million in the year ended 31 December 2024.": [
        "revenue = $1,203.4 million year to 2024-12-31"
    ],
    "Acme earned $112.0bn in fiscal 2025 on sales of $416.2bn.": [
        "net income = $112.0bn in 2025",
        "revenue = $416.2bn in 2025",
    ],
    "Revenue was $416.2bn in fiscal 2025 and $391.0bn in fiscal 2024.": [
        "revenue = $416.2bn in 2025",
        "revenue = $391.0bn in 2024",
    ],
    "Net income came to $112.0bn, or $7.46 a diluted share, in 2025.": [
        "net income = $112.0bn in 2025",
        "diluted earnings per share = $7.46 a diluted share in 2025",
    ],
    "It had $35.9bn of cash and $78.3bn of long-term debt at 27 September 2025.": [
        "cash and equivalents = $35.9bn at 2025-09-27",
        "long-term debt = $78.3bn at 2025-09-27",
    ],
    "Dividends and buybacks together came to $106.1bn in 2025.": [
        "dividends paid plus share buybacks = $106.1bn in 2025"
    ],
    "Acme lost $36m in 2025.": ["minus net income = $36m in 2025"],
    "It used $12m of cash in operations in 2025.": ["minus operating cash flow = $12m in 2025"],
    # changes
    "Revenue rose 6.4% to $416.2bn from $391.0bn in fiscal 2024.": [
        "revenue + 6.4% from in 2024",
        "revenue = $416.2bn",
        "revenue = $391.0bn (from in 2024)",
    ],
    "Revenue for fiscal 2025 was $416.2bn, up 6.4% from a year earlier.": [
        "revenue = $416.2bn in 2025",
        "revenue + 6.4% in 2025 from 1y before",
    ],
    "At $416.2bn, revenue was 6.4% higher than in fiscal 2024.": [
        "revenue = $416.2bn",
        "revenue + 6.4% from in 2024",
    ],
    "Gross margin widened 70 bps to 46.9%, an increase of 0.7 percentage points.": [
        "gross margin + 70 bps",
        "gross margin = 46.9%",
        "gross margin + 0.7 percentage points",
    ],
    "The net loss narrowed to $36m from $52m.": [
        "minus net income = $36m",
        "minus net income = $52m (from)",
        "minus net income - ?",
    ],
    "Revenue fell 2.8% in fiscal 2023, then rose 2.0% in fiscal 2024 and 6.4% in fiscal 2025.": [
        "revenue - 2.8% in 2023",
        "revenue + 2.0% in 2024",
        "revenue + 6.4% in 2025",
    ],
    "Revenue rose 6.4% and net income 19.5% in fiscal 2025.": [
        "revenue + 6.4% in 2025",
        "net income + 19.5% in 2025",
    ],
    "Revenue and net income both rose.": ["revenue + ?", "net income + ?"],
    "Revenue has more than doubled since fiscal 2019.": ["revenue + x2 from in 2019"],
    "Over the past five years revenue rose 51.6%.": ["revenue + 51.6% over 5y"],
    "Capex was 3.1% of sales, down from 2.4% in fiscal 2024.": [
        "capital expenditure as a share of revenue = 3.1%",
        "capital expenditure as a share of revenue = 2.4% (from in 2024)",
        "capital expenditure as a share of revenue - ? from in 2024",
    ],
    # shares
    "Acme kept 26.9 cents of every dollar of revenue as net income.": ["net margin = 26.9 cents"],
    "It spent 8.3% of revenue on R&D, or $34.6bn.": [
        "research and development as a share of revenue = 8.3%",
        "research and development expense = $34.6bn",
    ],
    "Claims took 85.5 cents of each premium dollar.": ["claims ratio = 85.5 cents"],
    "Operating cash flow of $111.5bn covered capital expenditure of $12.7bn 8.8 times.": [
        "operating cash flow = $111.5bn",
        "capital expenditure = $12.7bn",
        "operating cash flow over capital expenditure = 8.8 times",
    ],
    "Total assets were $359.2bn, of which equity made up 20.5%.": [
        "total assets = $359.2bn",
        "equity as a share of total assets = 20.5%",
    ],
    # history
    "Revenue was the highest in the ten fiscal years on record here.": ["revenue max of 10 on record"],
    "Revenue rose for the third year running.": ["revenue + for exactly 3"],
    "Revenue rose for three years.": ["revenue + for 3"],
    "Fiscal 2025 was the fourth straight year of revenue growth.": ["revenue + for exactly 4 in 2025"],
    "Gross margin was above its five-year average of 44.1%.": [
        "the average of gross margin = 44.1%",
        "gross margin > the average of gross margin",
    ],
    "Revenue has grown at a compound rate of 8.7% a year since fiscal 2020.": [
        "compound growth of revenue = 8.7%"
    ],
    "Revenue growth of 6.4% was the fastest in four years.": [
        "growth of revenue = 6.4%",
        "growth of revenue max of 4",
    ],
    # comparisons
    "Gross margin of 46.9% is above the 24.1% median of the nine technology companies covered here.": [
        "gross margin = 46.9%",
        "the sector's median of gross margin = 24.1%",
        "gross margin > the sector's median of gross margin",
        "Compared gross margin",
    ],
    "Net income grew faster than revenue.": [
        "growth of net income > growth of revenue",
        "net income + ?",
    ],
    "Net income grew faster than in fiscal 2024.": [
        "growth of net income + ? from in 2024",
        "net income + ? from in 2024",
    ],
    "Gross margin is the 24.1% sector median.": [
        "gross margin = 24.1%",
        "the sector's median of gross margin = 24.1%",
    ],
    "Free cash flow exceeded dividends paid by $80bn.": ["free cash flow > dividends paid by $80bn"],
    # what is not understood stays so
    "Revenue did not rise.": ["revenue + ?", "?did", "?not"],
    "Revenue rose thanks to Globex.": ["revenue + ?", "?thanks", "?Globex"],
    "Net income was exceeded by operating cash flow.": ["net income + ?", "?operating cash flow"],
    "It used $5bn of cash.": ["?$5bn", "?cash"],
    "A$416.2bn of revenue rose.": ["revenue = 416.2bn", "revenue + ?", "?$"],
    "Revenue was $416.2bn, thanks to growth from.": ["revenue = $416.2bn", "?thanks", "?growth", "?from"],
    "Its sector's revenue rose.": ["revenue + ?", "?sector"],
}  # fmt: skip


@pytest.mark.parametrize("sentence", READINGS)
def test_sentence_is_read_as_a_whole(sentence: str) -> None:
    assert reading(sentence) == READINGS[sentence]


WHENS: dict[str, When] = {
    "fiscal 2025": Year(2025),
    "in the fiscal year 2025": Year(2025),
    "FY2025": Year(2025),
    "FY25": Year(2025),
    "in 2025": Year(2025),
    "in the fiscal year ended 27 September 2025": Ended(Span.YEAR, date(2025, 9, 27)),
    "for the quarter ended June 30, 2025": Ended(Span.QUARTER, date(2025, 6, 30)),
    "the three months ended 30 June 2025": Ended(Span.QUARTER, date(2025, 6, 30)),
    "the six months ended 30 June 2025": Ended(Span.HALF, date(2025, 6, 30)),
    "the nine months ended 30 Sept. 2025": Ended(Span.NINE_MONTHS, date(2025, 9, 30)),
    "in the period from 4 March 2025 to 30 June 2025": Between(date(2025, 3, 4), date(2025, 6, 30)),
    "in the second quarter of fiscal 2025": Quarter(2, 2025),
    "Q3 FY2025": Quarter(3, 2025),
    "the fourth quarter": Quarter(4),
    "at 27 September 2025": At(date(2025, 9, 27)),
    "as of September 27, 2025": At(date(2025, 9, 27)),
    "at the end of fiscal 2025": EndOf(Year(2025)),
    "at the end of the second quarter of fiscal 2025": EndOf(Quarter(2, 2025)),
    "at year end": EndOf(),
    "at the end of the quarter": EndOf(),
    "a year earlier": Earlier(),
    "in the prior fiscal year": Earlier(),
    "in the same quarter a year earlier": Earlier(),
    "the corresponding period of the previous year": Earlier(),
    "five years earlier": Earlier(5),
    "in the previous quarter": QuarterBefore(),
    "the latest fiscal year": Latest(Span.YEAR),
    "the most recent quarter": Latest(Span.QUARTER),
    "for the year": Same(Span.YEAR),
    "during the quarter": Same(Span.QUARTER),
}


@pytest.mark.parametrize("text", WHENS)
def test_period_expression_is_read_to_its_end(text: str) -> None:
    assert when_at(text, 0) == (WHENS[text], len(text))


@pytest.mark.parametrize("text", ["2,025", "2025.5", "30 February 2025", "the yearling", "2025%"])
def test_what_is_no_period_is_not_read_as_one(text: str) -> None:
    assert when_at(text, 0) is None


@given(st.dates(date(1995, 1, 1), date(2040, 12, 31)))
def test_every_day_is_read_in_both_orders(day: date) -> None:
    for text in (f"at {day.day} {day:%B %Y}", f"at {day:%B} {day.day}, {day.year}"):
        assert when_at(text, 0) == (At(day), len(text))


def quantity(text: str) -> Quantity:
    read_as = quantity_at(text, 0)
    assert read_as is not None
    assert read_as[1] == len(text)
    return read_as[0]


QUANTITIES = {
    "$416.2bn": (Kind.MONEY, "416.2E9", "0.1E9"),
    "$416.2 billion": (Kind.MONEY, "416.2E9", "0.1E9"),
    "$12.3tn": (Kind.MONEY, "12.3E12", "0.1E12"),
    "$1,203.4 million": (Kind.MONEY, "1203.4E6", "0.1E6"),
    "COP 45bn": (Kind.MONEY, "45E9", "1E9"),
    "$(45)m": (Kind.MONEY, "-45E6", "1E6"),
    "-$45m": (Kind.MONEY, "-45E6", "1E6"),
    "−$45m": (Kind.MONEY, "-45E6", "1E6"),
    "$7.46 per diluted share": (Kind.PER_SHARE, "7.46", "0.01"),
    "15.0bn shares": (Kind.SHARES, "15E9", "0.1E9"),
    "15.0 billion diluted shares": (Kind.SHARES, "15E9", "0.1E9"),
    "6.4%": (Kind.PERCENT, "0.064", "0.001"),
    "12.3 percent": (Kind.PERCENT, "0.123", "0.001"),
    "35 bps": (Kind.POINTS, "0.0035", "0.0001"),
    "1.2 percentage points": (Kind.POINTS, "0.012", "0.001"),
    "1.2 points": (Kind.POINTS, "0.012", "0.001"),
    "4.5x": (Kind.TIMES, "4.5", "0.1"),
    "1.8 times": (Kind.TIMES, "1.8", "0.1"),
    "85.5 cents": (Kind.CENTS, "0.855", "0.001"),
    "half": (Kind.PERCENT, "0.5", "0.02"),
    "negative 3.2%": (Kind.PERCENT, "-0.032", "0.001"),
}


@pytest.mark.parametrize("text", QUANTITIES)
def test_number_is_read_with_unit_scale_sign_and_precision(text: str) -> None:
    kind, value, place = QUANTITIES[text]
    found = quantity(text)
    assert (found.kind, found.value, found.place) == (kind, Decimal(value), Decimal(place))


@given(
    st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False),
    st.integers(min_value=0, max_value=3),
    st.sampled_from(["m", "bn", "tn", " million", " billion"]),
)
def test_a_rounded_number_agrees_with_what_it_rounds_and_not_with_two_units_off(
    value: Decimal, places: int, scale: str
) -> None:
    printed = round(value, places)
    found = quantity(f"${printed:,}{scale}")
    actual = value * found.place / Decimal(1).scaleb(-places)
    assert found.agrees(actual)
    assert not found.agrees(actual + 2 * found.place)
    assert not found.agrees(actual - 2 * found.place)


HEDGED = {
    ("nearly 7%", "0.0664"): True,
    ("nearly 7%", "0.0702"): False,
    ("just under 7%", "0.058"): False,
    ("more than 6%", "0.0643"): True,
    ("more than 6%", "0.0597"): False,
    ("more than 6%", "0.0712"): False,
    ("about 6%", "0.0643"): True,
    ("about 6%", "0.0663"): False,
    ("roughly $420bn", "416160000000"): True,
    ("roughly $400bn", "431160000000"): False,
    ("over $400bn", "416160000000"): True,
    ("almost half", "0.47"): True,
    ("almost half", "0.51"): False,
    ("a third", "0.3401"): True,
    ("a third", "0.36"): False,
}


@pytest.mark.parametrize(("text", "actual"), HEDGED)
def test_approximator_says_on_which_side_the_figure_lies(text: str, actual: str) -> None:
    found = quantity(text)
    assert found.agrees(Decimal(actual)) is HEDGED[text, actual]
    assert (found.hedge is Hedge.NONE) == text.startswith("a ")


def test_abbreviations_and_decimals_end_no_sentence() -> None:
    text = "Acme Tools, Inc. rose 6.4% to $1.5bn. In the U.S. J.P. Morgan grew.\nNext line\n- A point. It fell!"
    assert [text[start:end] for start, end in sentences(text)] == [
        "Acme Tools, Inc. rose 6.4% to $1.5bn.",
        "In the U.S. J.P. Morgan grew.",
        "Next line",
        "A point.",
        "It fell!",
    ]
