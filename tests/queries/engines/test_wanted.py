"""What a question's words name."""

from __future__ import annotations

import pytest

from queries.evidence.wanted import wanted

NAMES = ("Apple Inc.", "Apple", "AAPL", "Microsoft", "MSFT")


@pytest.mark.parametrize(
    ("question", "measures", "left"),
    [
        ("What was Apple's revenue in fiscal 2024?", ("revenue",), set()),
        ("how has the gross profit margin moved", ("gross_margin",), set()),
        ("How have margins moved?", ("gross_margin", "operating_margin", "net_margin"), set()),
        ("Compare AAPL and MSFT on free cash flow", ("free_cash_flow",), set()),
        ("Cash and debt at the end of fiscal 2024?", ("cash", "borrowings"), set()),
        ("what did the 10-K say about China", (), {"china"}),
        ("Was there a net loss in 2023?", ("net_income",), set()),
        ("Which supply chain risks do they see?", (), {"supply", "chain", "risk"}),
        ("What was revenue in China?", ("revenue",), {"china"}),
        ("What are the current ratio and R&D spending?",
         ("current_assets", "current_liabilities", "research_and_development"), set()),
        ("", (), set()),
    ],
)  # fmt: skip
def test_measures_are_named_and_the_rest_is_left(
    question: str, measures: tuple[str, ...], left: set[str]
) -> None:
    found = wanted(question, NAMES)
    assert found.measures == measures
    assert found.left == left


def test_periods_and_sources_are_named() -> None:
    found = wanted("What do analysts and the 10-K say of revenue over the last three years?")
    assert (found.names_research, found.names_filings, found.names_market) == (True, True, False)
    assert (found.is_history, found.years_back) == (True, 3)
    assert wanted("revenue in fiscal 2019 and Q3 2024").years == {2019, 2024}
    assert wanted("revenue last quarter").is_quarterly
    assert wanted("the consensus estimate").names_market
    assert wanted("revenue of the past 99 years").years_back == 10
