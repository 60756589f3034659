"""What a number is read as saying: its value with its sign, what it is a value of, and when.

Where `test_verification_reading` compares words, here the values that will be proven are compared.
"""

from __future__ import annotations

import pytest

from summaries.verification.assertions import Assertion, Equal, Moved, Ordered
from summaries.verification.marks import Names, plain
from summaries.verification.quantities import Quantity
from summaries.verification.reading import read
from summaries.verification.terms import name_of
from summaries.verification.whens import Earlier, When, Year

NAMES = Names(frozenset({"Acme Tools, Inc.", "Acme"}), frozenset({"Globex"}))
COMPARED = {-1: "<", 0: "=", 1: ">"}
MOVED = {-1: "fell", 0: "held", 1: "rose"}


def worth(quantity: Quantity | None) -> str:
    return f"{quantity.value.normalize():f} {quantity.kind.value}" if quantity else "something"


def period(when: When | None) -> str:
    match when:
        case None:
            return "now"
        case Year(number):
            return str(number)
        case Earlier(years):
            return f"{years} year before"
    return str(when)


def told(one: Assertion) -> str:
    match one:
        case Equal():
            at = f"against, {period(one.base)}" if one.at_base else period(one.when)
            return f"{name_of(one.term)} = {worth(one.printed)} ({at})"
        case Moved():
            since = f" from {period(one.base)}" if one.base else ""
            moved = f"{name_of(one.term)} {MOVED[one.direction]} by {worth(one.printed)}"
            return f"{moved} ({period(one.when)}{since})"
        case Ordered():
            by = f" by {worth(one.printed)}" if one.printed else ""
            pair = f"{name_of(one.left)} {COMPARED[one.direction]} {name_of(one.right)}"
            return f"{pair}{by} ({period(one.when)})"
    return f"{type(one).__name__} {name_of(one.term)} ({period(one.when)})"


def readings(sentence: str) -> list[str]:
    """What is asserted, then what is not understood, with the reason."""
    made = read(plain(sentence), 0, len(sentence), NAMES)
    unread = [f"? {mark.text}: {reason}" for mark, reason in made.unread]
    return [told(one) for one in made.assertions] + unread


READINGS: dict[str, list[str]] = {
    # rates a year
    "Revenue has grown at a compound rate of 8.7% since fiscal 2020 and 6.4% in fiscal 2025.": [
        "compound growth of revenue = 0.087 percent (2025)",
        "compound growth of revenue = 0.064 percent (2025)",
    ],
    "Dividends were $15.4bn a year in fiscal 2025.": [
        "dividends paid = 15400000000 money (2025)",
        "? a year: a rate a year of what is not said",
    ],
    "Revenue has grown at a compound annual growth rate of 8.7% since fiscal 2020.": [
        "compound growth of revenue = 0.087 percent (now)",
    ],
    "Revenue grew 8.7% a year since fiscal 2020.": [
        "compound growth of revenue = 0.087 percent (now)",
    ],
    "Revenue has grown by a compound 8.7% a year growth since fiscal 2020.": [
        "compound growth of revenue = 0.087 percent (now)",
    ],
    "Revenue fell 8.7% a year compounded since fiscal 2020.": [
        "compound growth of revenue = -0.087 percent (now)",
    ],
    "Revenue has shrunk at a compound rate of 8.7% a year since fiscal 2020.": [
        "compound growth of revenue = -0.087 percent (now)",
    ],
    # changes
    "Revenue showed growth of 6.4% in fiscal 2025 and 2.0% in fiscal 2024.": [
        "growth of revenue = 0.064 percent (2025)",
        "growth of revenue = 0.02 percent (2024)",
    ],
    "Revenue and net income saw a 6.4% increase and 19.5% in fiscal 2025.": [
        "revenue rose by 0.064 percent (2025)",
        "net income rose by 0.195 percent (2025)",
    ],
    "Revenue and net income saw a 6.4% decline and 19.5% in fiscal 2025.": [
        "revenue fell by 0.064 percent (2025)",
        "net income fell by 0.195 percent (2025)",
    ],
    "Revenue rose 6.4% and net income fell 2.0% to $112.0bn in fiscal 2025.": [
        "revenue rose by 0.064 percent (2025)",
        "net income fell by 0.02 percent (2025)",
        "net income = 112000000000 money (2025)",
    ],
    "Revenue fell 6.4% and net income amounted to $112.0bn in fiscal 2025.": [
        "revenue fell by 0.064 percent (2025)",
        "net income = 112000000000 money (2025)",
    ],
    "Revenue rose 6.4% and net income $112.0bn in fiscal 2025.": [
        "revenue rose by 0.064 percent (2025)",
        "net income = 112000000000 money (2025)",
        "net income rose by something (2025)",
    ],
    "Revenue was flat by 0.1%.": ["revenue held by 0.001 percent (now)"],
    "Revenue rose $25.1bn on net income of $112.0bn in fiscal 2025.": [
        "revenue rose by 25100000000 money (2025)",
        "net income = 112000000000 money (2025)",
    ],
    "Revenue rose to $416.2bn in fiscal 2025 and $391.0bn in fiscal 2024.": [
        "revenue = 416200000000 money (2025)",
        "revenue rose by something (2025)",
        "revenue = 391000000000 money (2024)",
    ],
    "Revenue was $416.2bn in fiscal 2025, a 6.4% increase.": [
        "revenue = 416200000000 money (2025)",
        "revenue rose by 0.064 percent (2025)",
    ],
    "Revenue was $416.2bn in fiscal 2025, a 6.4% decline from fiscal 2024.": [
        "revenue = 416200000000 money (2025)",
        "revenue fell by 0.064 percent (2025 from 2024)",
    ],
    "Revenue showed 6.4% growth in fiscal 2025.": ["growth of revenue = 0.064 percent (2025)"],
    "It saw a 6.4% growth in revenue in fiscal 2025.": ["growth of revenue = 0.064 percent (2025)"],
    "Revenue was 6.4% more than in fiscal 2024.": ["revenue rose by 0.064 percent (now from 2024)"],
    "Revenue was 6.4% lower than in fiscal 2024.": [
        "revenue fell by 0.064 percent (now from 2024)",
    ],
    "Acme grew revenue 6.4% in fiscal 2025.": ["revenue rose by 0.064 percent (2025)"],
    "Acme cut its long-term debt $2.1bn in fiscal 2025.": [
        "long-term debt fell by 2100000000 money (2025)",
    ],
    "Revenue rose by 6.4% in fiscal 2025.": ["revenue rose by 0.064 percent (2025)"],
    "Revenue rose 6.4% and net income by 19.5% in fiscal 2025.": [
        "revenue rose by 0.064 percent (2025)",
        "net income rose by 0.195 percent (2025)",
    ],
    "Revenue rose 6.4% and net income to $112.0bn in fiscal 2025.": [
        "revenue rose by 0.064 percent (2025)",
        "net income = 112000000000 money (2025)",
        "net income rose by something (2025)",
    ],
    "Operating margin of 46.9% rose and gross margin 70 bps.": [
        "operating margin = 0.469 percent (now)",
        "operating margin rose by something (now)",
        "gross margin rose by 0.007 points (now)",
    ],
    "Net income rose 19.5%, or $18.3bn, in fiscal 2025.": [
        "net income rose by 0.195 percent (2025)",
        "net income rose by 18300000000 money (2025)",
    ],
    "Net income fell 19.5%, or $18.3bn, in fiscal 2025.": [
        "net income fell by 0.195 percent (2025)",
        "net income fell by 18300000000 money (2025)",
    ],
    "Revenue rose 6.4% in fiscal 2025 and 2.0% in fiscal 2024.": [
        "revenue rose by 0.064 percent (2025)",
        "revenue rose by 0.02 percent (2024)",
    ],
    "Revenue fell 6.4% in fiscal 2025 and 2.0% in fiscal 2024.": [
        "revenue fell by 0.064 percent (2025)",
        "revenue fell by 0.02 percent (2024)",
    ],
    "Revenue and net income rose 6.4% and 19.5% in fiscal 2025.": [
        "revenue rose by 0.064 percent (2025)",
        "net income rose by 0.195 percent (2025)",
    ],
    "Revenue and net income fell by 6.4% and 19.5% in fiscal 2025.": [
        "revenue fell by 0.064 percent (2025)",
        "net income fell by 0.195 percent (2025)",
    ],
    # one amount beside another
    "Revenue growth was 6.4% in fiscal 2025, against growth of 2.0% in fiscal 2024.": [
        "growth of revenue = 0.064 percent (2025)",
        "growth of revenue = 0.02 percent (against, 2024)",
    ],
    "Gross margin rose 1.5% to 46.9%, against 46.2% in fiscal 2024.": [
        "gross margin rose by 0.015 percent (now from 2024)",
        "gross margin = 0.469 percent (now)",
        "gross margin = 0.462 percent (against, 2024)",
    ],
    "Revenue rose 6.4%, against $391.0bn in fiscal 2024.": [
        "revenue rose by 0.064 percent (now from 2024)",
        "revenue = 391000000000 money (against, 2024)",
    ],
    "Revenue rose $25.1bn, against 2.0% in fiscal 2024.": [
        "revenue rose by 25100000000 money (now from 2024)",
        "revenue = 0.02 percent (against, 2024)",
    ],
    "Free cash flow rose and exceeded dividends paid by $80bn in fiscal 2025.": [
        "free cash flow > dividends paid by 80000000000 money (2025)",
        "free cash flow rose by something (2025)",
    ],
    "Revenue was $2.1bn more than net income.": ["revenue > net income by 2100000000 money (now)"],
    "Revenue was $2.1bn less than net income in fiscal 2025.": [
        "revenue < net income by 2100000000 money (2025)",
    ],
    "Revenue exceeded net income by $304.2bn in fiscal 2025.": [
        "revenue > net income by 304200000000 money (2025)",
    ],
    "Revenue exceeded net income by $304.2bn, and by $3bn in fiscal 2025.": [
        "revenue > net income by 304200000000 money (2025)",
        "? $3bn: a change without a direction",
    ],
    "Net income exceeded the prior year's $93.7bn in fiscal 2025.": [
        "net income rose by something (2025 from 1 year before)",
        "net income = 93700000000 money (against, 1 year before)",
    ],
    "Revenue was $416.2bn, against $93.7bn of net income in fiscal 2025.": [
        "revenue = 416200000000 money (2025)",
        "net income = 93700000000 money (2025)",
    ],
    "Revenue rose to $416.2bn from $391.0bn of revenue in fiscal 2024.": [
        "revenue = 416200000000 money (now)",
        "revenue = 391000000000 money (against, 2024)",
        "revenue rose by something (now from 2024)",
    ],
    "Revenue rose 6.4% in fiscal 2025, against 2.0% in fiscal 2024.": [
        "revenue rose by 0.064 percent (2025 from 2024)",
        "growth of revenue = 0.02 percent (against, 2024)",
    ],
    "Revenue fell 2.8% in fiscal 2025, against 2.0% in fiscal 2024.": [
        "revenue fell by 0.028 percent (2025 from 2024)",
        "growth of revenue = -0.02 percent (against, 2024)",
    ],
    "Revenue rose 6.4% in fiscal 2025, compared with 2.0% a year earlier.": [
        "revenue rose by 0.064 percent (2025 from 1 year before)",
        "growth of revenue = 0.02 percent (against, 1 year before)",
    ],
    "Net income was $7.46 a diluted share in fiscal 2025, against $6.08 a year earlier.": [
        "diluted earnings per share = 7.46 per_share (2025)",
        "diluted earnings per share = 6.08 per_share (against, 1 year before)",
    ],
    "Net income was $7.46 a diluted share in fiscal 2025, against $6m a year earlier.": [
        "diluted earnings per share = 7.46 per_share (2025)",
        "net income = 6000000 money (against, 1 year before)",
    ],
    # shares of something
    "R&D was 8.3% of the revenue of fiscal 2025.": [
        "research and development as a share of revenue = 0.083 percent (2025)",
    ],
    "Net income was 26.9 cents of every dollar of revenue of $416.2bn in fiscal 2025.": [
        "net margin = 0.269 cents (2025)",
        "revenue = 416200000000 money (2025)",
    ],
    "Capex was 3.1% of sales in fiscal 2025, up 70 bps from fiscal 2024.": [
        "capital expenditure as a share of revenue = 0.031 percent (2025)",
        "capital expenditure as a share of revenue rose by 0.007 points (2025 from 2024)",
    ],
    "Cost of revenue took 61.2 cents of every dollar of revenue in fiscal 2025, 1.1 cents less than in fiscal 2024.": [
        "cost of revenue over revenue = 0.612 cents (2025)",
        "cost of revenue over revenue fell by 0.011 points (2025 from 2024)",
    ],
    "It was 1.1 cents more than in fiscal 2024.": [
        "? 1.1 cents: ",
        "? more than: ",
        "? in fiscal 2024: ",
    ],
    "R&D was 8.3% of revenue of $416.2bn in fiscal 2025.": [
        "research and development as a share of revenue = 0.083 percent (2025)",
        "revenue = 416200000000 money (2025)",
    ],
    "R&D took 8.3% of revenue in fiscal 2025 and 8.0% in fiscal 2024.": [
        "research and development as a share of revenue = 0.083 percent (2025)",
        "research and development as a share of revenue = 0.08 percent (2024)",
    ],
    "Equity was $73.7bn in fiscal 2025 and debt was 1.8 times equity.": [
        "shareholders' equity = 73700000000 money (2025)",
        "borrowings over shareholders' equity = 1.8 times (2025)",
    ],
    "Long-term debt was 1.8% equity in fiscal 2025.": [
        "long-term debt = 0.018 percent (2025)",
        "? equity: ",
    ],
    "Operating cash flow covered capital expenditure 8.8 times in fiscal 2025.": [
        "operating cash flow over capital expenditure = 8.8 times (2025)",
    ],
    "Operating cash flow covered capital expenditure by 8.8% in fiscal 2025.": [
        "operating cash flow > capital expenditure (2025)",
        "? 8.8%: a change without a direction",
    ],
    "Of every dollar of revenue, 26.9 cents was net income in fiscal 2025.": [
        "net margin = 0.269 cents (2025)",
    ],
    # amounts of a measure
    "Acme had $35.9bn of cash and $78.3bn of long-term debt, down 5.0%.": [
        "cash and equivalents = 35900000000 money (now)",
        "long-term debt = 78300000000 money (now)",
        "long-term debt fell by 0.05 percent (now)",
    ],
    "It was $7.46 a diluted share in fiscal 2025.": [
        "diluted earnings per share = 7.46 per_share (2025)",
    ],
    "Acme earned $112.0bn and $7.46 a diluted share in fiscal 2025.": [
        "net income = 112000000000 money (2025)",
        "diluted earnings per share = 7.46 per_share (2025)",
    ],
    "Acme spent $12.7bn on capital expenditure and $15.4bn on dividends in fiscal 2025.": [
        "capital expenditure = 12700000000 money (2025)",
        "dividends paid = 15400000000 money (2025)",
    ],
    "Acme used $5bn of cash in fiscal 2025.": [
        "? $5bn: what used the cash is not said",
        "? cash: ",
        "? in fiscal 2025: ",
    ],
    "Operations generated $111.5bn in cash in fiscal 2025.": [
        "operating cash flow = 111500000000 money (2025)",
    ],
    "Operating cash flow was $111.5bn of cash in fiscal 2025.": [
        "operating cash flow = 111500000000 money (2025)",
    ],
    "Of the $416.2bn of revenue in fiscal 2025, $195.2bn was gross profit.": [
        "revenue = 416200000000 money (2025)",
        "gross profit = 195200000000 money (2025)",
    ],
    "Net income came to $112.0bn of the $416.2bn of revenue in fiscal 2025.": [
        "net income = 112000000000 money (2025)",
        "revenue = 416200000000 money (2025)",
    ],
    "Acme earned $7.46 a diluted share in fiscal 2025.": [
        "diluted earnings per share = 7.46 per_share (2025)",
    ],
    "Acme had 15.0bn diluted shares in fiscal 2025.": [
        "diluted shares = 15000000000 shares (2025)",
    ],
    "Acme had 15.0bn shares in fiscal 2025.": ["? 15.0bn shares: ", "? in fiscal 2025: "],
    # the average and the median
    "Gross margin is the 44.1% five-year average.": [
        "gross margin = 0.441 percent (now)",
        "the average of gross margin = 0.441 percent (now)",
    ],
    "Gross margin was 46.9%, against the 24.1% sector median.": [
        "gross margin = 0.469 percent (now)",
        "the sector's median of gross margin = 0.241 percent (now)",
    ],
    "Gross margin of 46.9% was above its 44.1% five-year average.": [
        "gross margin = 0.469 percent (now)",
        "the average of gross margin = 0.441 percent (now)",
        "gross margin > the average of gross margin (now)",
    ],
    # lists
    "Revenue was the highest in five years and $416.2bn in fiscal 2025.": [
        "Ranked revenue (2025)",
        "revenue = 416200000000 money (2025)",
    ],
    "Revenue was $416.2bn in fiscal 2025 and $391.0bn.": [
        "revenue = 416200000000 money (2025)",
        "revenue = 391000000000 money (2025)",
    ],
    "Revenue was $416.2bn and gross margin 46.9% in fiscal 2025.": [
        "revenue = 416200000000 money (2025)",
        "gross margin = 0.469 percent (2025)",
    ],
    "Revenue for fiscal 2025 $416.2bn.": ["revenue = 416200000000 money (2025)"],
    "Gross margin was 46.9% in fiscal 2025, 46.2% in fiscal 2024 and 44.1% in fiscal 2023.": [
        "gross margin = 0.469 percent (2025)",
        "gross margin = 0.462 percent (2024)",
        "gross margin = 0.441 percent (2023)",
    ],
    "Revenue and net income were $416.2bn and $112.0bn in fiscal 2025.": [
        "revenue = 416200000000 money (2025)",
        "net income = 112000000000 money (2025)",
    ],
    "Revenue growth was 6.4% in fiscal 2025 and 2.0% in fiscal 2024.": [
        "growth of revenue = 0.064 percent (2025)",
        "growth of revenue = 0.02 percent (2024)",
    ],
    # what can't be told
    "Revenue was by 6.4%.": ["? Revenue: ", "? 6.4%: a change without a direction"],
    "Gross margin was 46.9% in fiscal 2025, 70 basis points.": [
        "gross margin = 0.469 percent (2025)",
        "? 70 basis points: a change without a direction",
    ],
    "Revenue $416.2bn Globex $5bn.": [
        "revenue = 416200000000 money (now)",
        "? Globex: entity",
        "? $5bn: what this number says is not clear",
    ],
}  # fmt: skip


@pytest.mark.parametrize("sentence", READINGS)
def test_number_is_read_with_its_sign_its_measure_and_its_period(sentence: str) -> None:
    assert readings(sentence) == READINGS[sentence]


# The words that each statement rests on, which the proof is shown beside.
RESTS_ON = {
    "R&D was 8.3% of revenue of $416.2bn.": [
        ["8.3%", "revenue", "R&D"], ["revenue", "$416.2bn"],
    ],
    "Net income was 26.9 cents of every dollar of revenue of $416.2bn.": [
        ["26.9 cents", "revenue", "Net income"], ["revenue", "$416.2bn"],
    ],
    "Revenue fell 6.4% in fiscal 2025 and 2.0% in fiscal 2024.": [
        ["6.4%", "fell", "Revenue", "in fiscal 2025", "fell"],
        ["2.0%", "fell", "Revenue", "in fiscal 2024", "fell"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("sentence", RESTS_ON)
def test_statement_rests_on_its_own_words(sentence: str) -> None:
    made = read(plain(sentence), 0, len(sentence), NAMES).assertions
    assert [[mark.text for mark in one.marks] for one in made] == RESTS_ON[sentence]
