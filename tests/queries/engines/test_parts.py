"""A question taken apart by code."""

from __future__ import annotations

import pytest

from queries.deep.parts import MOST_PARTS, Part, is_plain, taken_apart

BOTH = {"AAPL": ("Apple Inc.", "Apple", "AAPL"), "MSFT": ("Microsoft", "MSFT")}
ONE = {"AAPL": BOTH["AAPL"]}


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What was revenue?", [("What was revenue?", "AAPL", ""), ("What was revenue?", "MSFT", "")]),
        ("What was Apple's revenue, and how did Microsoft grow?",
         [("What was Apple's revenue", "AAPL", ""), ("how did Microsoft grow?", "MSFT", "")]),
        ("What do the filings and analysts of Apple say on China?",
         [("What do the filings and analysts of Apple say on China?", "AAPL", "filings"),
          ("What do the filings and analysts of Apple say on China?", "AAPL", "research")]),
        ("1. What was Apple's revenue?\n2. What are Apple's risks?",
         [("What was Apple's revenue?", "AAPL", ""), ("What are Apple's risks?", "AAPL", "")]),
    ],
)  # fmt: skip
def test_by_question_company_and_source(question: str, parts: list[tuple[str, str, str]]) -> None:
    assert taken_apart(question, BOTH) == tuple(Part(q, (t,), only) for q, t, only in parts)


def test_there_are_few_parts_and_at_least_one() -> None:
    assert (
        len(taken_apart("What is the revenue of it? " * 3 + "And how is debt? " * 9, BOTH))
        <= MOST_PARTS
    )
    assert taken_apart("debt", ONE) == (Part("debt", ("AAPL",)),)
    assert taken_apart("Who is big here?", {}) == (Part("Who is big here?", ()),)
    (part,) = taken_apart("x" * 20_000, ONE)
    assert len(part.question) == 400


def test_figures_alone_are_plain() -> None:
    assert is_plain("Compare revenue and net income of Apple and Microsoft", BOTH)
    assert not is_plain("Why did revenue in China fall?", BOTH)
    assert not is_plain("What are the risks?", BOTH)
