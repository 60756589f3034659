"""Questions as advisors type them, and what is meant: whole meanings compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from queries.understanding import Intent, Listing, Meant, Register, route, understand
from queries.understanding.values import (
    Back,
    Half,
    Last,
    Next,
    Quarter,
    Since,
    Through,
    ToDate,
    Trailing,
    Year,
)
from queries.values import Depth, Exchange
from summaries.periods import Span
from summaries.sources.bundle import listings
from tests.summaries.bundled import BUNDLE

MARGINS = ("gross_margin", "operating_margin", "net_margin")
LATEST, LAST_QUARTER = Back(0), Back(0, Span.QUARTER)


@cache
def register() -> Register:
    return Register(Listing(row.ticker, row.name) for row in listings(BUNDLE / "universe.csv"))


def meant(question: str, *before: str, **more: Any) -> Meant:
    exchanges = [Exchange(one, "told") for one in before]
    return understand(question, register(), before=exchanges, **more)


def value(*stocks: str, **fields: Any) -> Meant:
    given = {"intent": Intent.VALUE, **fields}
    return Meant(stocks=stocks, **given)


# fmt: off
ALONE: list[tuple[str, Depth, Meant]] = [
    ("AAPL revenue last year", Depth.QUICK,
     value("AAPL", measures=("revenue",), periods=(LATEST,))),
    ("What was Apple’s revenue in fiscal 2024?", Depth.QUICK,
     value("AAPL", measures=("revenue",), periods=(Year(2024),))),
    ("how has the margin moved at apple", Depth.QUICK,
     value("AAPL", measures=MARGINS, intent=Intent.TREND)),
    ("compare AAPL and MSFT on free cash flow", Depth.QUICK,
     value("AAPL", "MSFT", measures=("free_cash_flow",), intent=Intent.COMPARISON)),
    ("what did Apple's 10-K say about China", Depth.QUICK,
     value("AAPL", intent=Intent.SAID, topic=("china",), forms=("10-K",), kinds=("filing",))),
    ("msft operating margin since 2019", Depth.QUICK,
     value("MSFT", measures=("operating_margin",), periods=(Since(2019),), intent=Intent.TREND)),
    ("Microsoft free cash flow, trailing twelve months", Depth.QUICK,
     value("MSFT", measures=("free_cash_flow",), periods=(Trailing(),))),
    ("How much debt does Tesla have?", Depth.QUICK, value("TSLA", measures=("borrowings",))),
    ("What is NVIDIA's debt/equity?", Depth.QUICK, value("NVDA", measures=("debt_to_equity",))),
    ("JPM net interest income Q2 2025", Depth.QUICK,
     value("JPM", measures=("net_interest_income",), periods=(Quarter(2, 2025),))),
    ("1Q25 revenue for jpm", Depth.QUICK,
     value("JPM", measures=("revenue",), periods=(Quarter(1, 2025),))),
    ("Q3'24 revenue AMD", Depth.QUICK,
     value("AMD", measures=("revenue",), periods=(Quarter(3, 2024),))),
    ("revenue growth of Union Pacific between 2019 and 2023", Depth.QUICK,
     value("UNP", measures=("revenue",), periods=(Through(2019, 2023),), intent=Intent.CHANGE)),
    ("Boeing's loss-making years: net income 2018-2022", Depth.STANDARD,
     value("BA", measures=("net_income",), periods=(Through(2018, 2022),), intent=Intent.TREND,
           topic=("loss", "making"))),
    ("BAC return on equity over the last 3 years", Depth.QUICK,
     value("BAC", measures=("return_on_equity",), periods=(Last(3),), intent=Intent.TREND)),
    ("AAPL dividends per share each year", Depth.QUICK,
     value("AAPL", measures=("dividend_per_share",), periods=(Last(),), intent=Intent.TREND)),
    ("Meta capex so far this year", Depth.QUICK,
     value("META", measures=("capital_expenditure",), periods=(ToDate(),))),
    ("Netflix eps two years ago", Depth.QUICK,
     value("NFLX", measures=("diluted_eps",), periods=(Back(2),))),
    ("first half 2025 revenue of Nike", Depth.QUICK,
     value("NKE", measures=("revenue",), periods=(Half(1, 2025),))),
    ("GOOGL capex 2022 vs 2023", Depth.QUICK,
     value("GOOGL", measures=("capital_expenditure",), periods=(Year(2022), Year(2023)))),
    ("Which of AAPL, MSFT and NVDA has the highest net margin?", Depth.QUICK,
     value("AAPL", "MSFT", "NVDA", measures=("net_margin",), intent=Intent.RANKING)),
    ("Which has the lowest tax rate, Visa or Mastercard?", Depth.QUICK,
     value("V", "MA", measures=("tax_rate",), intent=Intent.RANKING, most=False)),
    ("compare Visa with Mastercard", Depth.QUICK,
     value("V", "MA", intent=Intent.COMPARISON,
           measures=("revenue", "operating_margin", "net_income", "free_cash_flow"))),
    ("Has Adobe grown?", Depth.QUICK, value("ADBE", intent=Intent.CHANGE, measures=("revenue",))),
    ("What's new at Boeing?", Depth.QUICK, value("BA", intent=Intent.NEWS)),
    ("Summarise Netflix for me", Depth.QUICK, value("NFLX", intent=Intent.SUMMARY)),
    ("how is Costco doing", Depth.QUICK, value("COST", intent=Intent.SUMMARY)),
    ("what do analysts rate Apple?", Depth.QUICK, value("AAPL", intent=Intent.RATING)),
    ("target price for Walmart", Depth.QUICK, value("WMT", intent=Intent.RATING)),
    ("consensus EPS for NVDA next year", Depth.QUICK,
     value("NVDA", measures=("diluted_eps",), periods=(Next(),), intent=Intent.ESTIMATE)),
    ("Apple share price", Depth.QUICK, value("AAPL", intent=Intent.PRICE)),
    ("Should I buy Apple?", Depth.QUICK, value("AAPL", intent=Intent.ADVICE)),
    ("is Tesla a good investment for my client?", Depth.QUICK,
     value("TSLA", intent=Intent.ADVICE)),
    ("Is Apple a buy?", Depth.QUICK, value("AAPL", intent=Intent.ADVICE)),
    ("NVDA price prediction 2027", Depth.QUICK,
     value("NVDA", intent=Intent.ADVICE, periods=(Year(2027),))),
    ("why did Apple's gross margin fall in 2023?", Depth.STANDARD,
     value("AAPL", measures=("gross_margin",), periods=(Year(2023),), intent=Intent.CHANGE,
           is_explained=True)),
    ("Compare what Apple and Microsoft say about AI risks", Depth.DEEP,
     value("AAPL", "MSFT", intent=Intent.SAID, topic=("ai", "risks"))),
    ("does research contradict the 10-K on Apple's services growth?", Depth.DEEP,
     value("AAPL", intent=Intent.SAID, topic=("contradict", "services", "growth"),
           forms=("10-K",), kinds=("filing", "research"))),
    ("what is the P/E of Apple", Depth.QUICK, value("AAPL", unheld=("p/e",))),
    ("Apple's net debt last year", Depth.QUICK,
     value("AAPL", unheld=("net debt",), periods=(LATEST,))),
    ("What was said on Apple's earnings call about tariffs?", Depth.QUICK,
     value("AAPL", intent=Intent.SAID, topic=("earnings", "call", "tariffs"))),
    ("dividend policy of Apple", Depth.STANDARD,
     value("AAPL", intent=Intent.OTHER, topic=("dividend", "policy"))),
    ("EBITDA of MSFT last quarter", Depth.QUICK,
     value("MSFT", unheld=("ebitda",), periods=(LAST_QUARTER,))),
    ("AAPL 10-Q revenue", Depth.QUICK,
     value("AAPL", measures=("revenue",), periods=(LAST_QUARTER,), forms=("10-Q",),
           kinds=("filing",))),
    ("AAPL revenue as of 31 March 2024", Depth.QUICK,
     value("AAPL", measures=("revenue",), as_of=date(2024, 3, 31))),
    ("Apple iPhone revenue in China last year", Depth.STANDARD,
     value("AAPL", measures=("revenue",), periods=(LATEST,), topic=("iphone", "china"))),
    ("Does AT&T pay a dividend?", Depth.QUICK, value("T", measures=("dividend_per_share",))),
    ("google revenue", Depth.QUICK, value("GOOGL", measures=("revenue",))),
    ("APPLE REVENUE LAST YEAR", Depth.QUICK,
     value("AAPL", measures=("revenue",), periods=(LATEST,))),
    ("First Solar revenue", Depth.QUICK, value("FSLR", measures=("revenue",))),
    ("Target revenue 2024", Depth.QUICK,
     value("TGT", measures=("revenue",), periods=(Year(2024),))),
    ("$ALL revenue", Depth.QUICK, value("ALL", measures=("revenue",))),
    ("ALL revenue", Depth.QUICK, value(measures=("revenue",))),
    ("Foobarix revenue 2024", Depth.STANDARD,
     value(measures=("revenue",), periods=(Year(2024),), topic=("foobarix",),
           unknown=("Foobarix",))),
    ("strategy and risks of Apple?", Depth.STANDARD,
     value("AAPL", intent=Intent.SAID, topic=("strategy", "risks"))),
    ("hello", Depth.STANDARD, value(intent=Intent.OTHER, topic=("hello",))),
]
FOLLOWING: list[tuple[tuple[str, ...], str, Meant]] = [
    (("AAPL revenue last year",), "And the year before?",
     value("AAPL", measures=("revenue",), periods=(Back(1),))),
    (("AAPL revenue last year", "And the year before?"), "and the year before that?",
     value("AAPL", measures=("revenue",), periods=(Back(2),))),
    (("AAPL revenue in 2023",), "and the year before?",
     value("AAPL", measures=("revenue",), periods=(Year(2022),))),
    (("AAPL revenue Q1 2025",), "and the quarter before?",
     value("AAPL", measures=("revenue",), periods=(Quarter(4, 2024),))),
    (("AAPL revenue Q1 2025",), "the same quarter last year?",
     value("AAPL", measures=("revenue",), periods=(Quarter(1, 2024),))),
    (("AAPL revenue in 2023",), "what about MSFT?",
     value("MSFT", measures=("revenue",), periods=(Year(2023),))),
    (("AAPL revenue last year",), "and margins?",
     value("AAPL", measures=MARGINS, periods=(LATEST,))),
    (("AAPL revenue over the last five years",), "and its net income?",
     value("AAPL", measures=("net_income",), periods=(Last(5),), intent=Intent.TREND)),
    (("What did Apple's 10-K say about China?",), "and tariffs?",
     value("AAPL", intent=Intent.SAID, topic=("tariffs",), forms=("10-K",), kinds=("filing",))),
    (("What did Apple's 10-K say about China?",), "and what about MSFT?",
     value("MSFT", intent=Intent.SAID, topic=("china",), forms=("10-K",), kinds=("filing",))),
    (("AAPL revenue last year",), "how does that compare with MSFT?",
     value("AAPL", "MSFT", measures=("revenue",), periods=(LATEST,),
           intent=Intent.COMPARISON)),
    (("AAPL revenue last year",), "has it grown?",
     value("AAPL", measures=("revenue",), periods=(LATEST,), intent=Intent.CHANGE)),
    (("AAPL revenue last year",), "should I buy it?", value("AAPL", intent=Intent.ADVICE)),
    (("AAPL revenue last year",), "why?",
     value("AAPL", measures=("revenue",), periods=(LATEST,), topic=("revenue",),
           is_explained=True)),
    (("Should I buy Apple?",), "And what was net income in 2024?",
     value("AAPL", measures=("net_income",), periods=(Year(2024),))),
]
# fmt: on


@pytest.mark.parametrize(("question", "depth", "wanted"), ALONE, ids=[one[0] for one in ALONE])
def test_a_question_is_understood_and_routed(question: str, depth: Depth, wanted: Meant) -> None:
    found = meant(question)
    assert (found, route(found, question)) == (wanted, depth)


@pytest.mark.parametrize(
    ("before", "question", "wanted"), FOLLOWING, ids=[f"{one[0][-1]} {one[1]}" for one in FOLLOWING]
)
def test_a_follow_up_takes_the_rest_from_before(
    before: tuple[str, ...], question: str, wanted: Meant
) -> None:
    assert meant(question, *before) == replace(wanted, is_follow_up=True)


ADVISED = (
    "Should we sell Boeing?", "would you recommend Apple", "is now a good time to buy NVDA",
    "will Tesla shares go up", "Is Adobe overvalued?", "which stocks should I buy?",
    "can my client hold MSFT?", "how much should I invest in Apple", "where will AAPL stock be in 2030",
)  # fmt: skip
UNADVISED = (
    "do they hold much cash, Apple?", "does Apple sell phones in China?",
    "what do analysts recommend for Apple?", "is Apple rated a buy?", "how much did Apple buy back?",
    "did Microsoft buy Activision?", "are Boeing's deliveries predictable?",
)  # fmt: skip


def test_advice_is_told_from_facts() -> None:
    assert {one: meant(one).intent for one in ADVISED} == dict.fromkeys(ADVISED, Intent.ADVICE)
    assert [one for one in UNADVISED if meant(one).intent is Intent.ADVICE] == []


def test_the_chosen_stock_is_meant_where_none_is_named() -> None:
    assert meant("revenue last year?", chosen=["aapl"]).stocks == ("AAPL",)
    assert meant("revenue of Microsoft", chosen=["AAPL"]).stocks == ("MSFT",)
    assert meant("compare with Microsoft on revenue", chosen=["AAPL"]).stocks == ("AAPL", "MSFT")
    assert meant("revenue", chosen=["NOSUCH"]).stocks == ()


def test_a_new_page_changes_the_stock_and_a_pronoun_does_not() -> None:
    before = "What was Microsoft's revenue?"
    whole = "Please tell the revenue in the fiscal year 2024"
    assert meant(whole, before, chosen=["AAPL"]).stocks == ("AAPL",)
    assert meant("and its margins?", before, chosen=["AAPL"]).stocks == ("MSFT",)


def test_a_placeholder_is_no_word() -> None:
    found = meant("my client [PERSON_1] asks about the revenue of AAPL")
    assert found == value("AAPL", measures=("revenue",))


def test_names_near_an_unknown_one_are_found() -> None:
    near = {one.ticker for one in register().near("Microsft")}
    assert "MSFT" in near
    assert next(one.ticker for one in register().near("Nvidea")) == "NVDA"
    assert register().near("Qqqqwwwwzzzz") == []
