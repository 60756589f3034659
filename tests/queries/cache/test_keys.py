"""Keys: what is the same question, and what isn't."""

from __future__ import annotations

import pytest

from queries.cache.keys import normalised


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("What was AAPL's revenue?", " what was aapl’s  REVENUE ", True),
        ("Compare AAPL, MSFT!", "compare aapl msft", True),
        ("“Margins” – why?", "margins - why", True),
        ("growth of 1.5 %", "growth of 15 %", False),
        ("growth of -5%", "growth of 5%", False),
        ("more than .5", "more than 5", False),
        ("revenue of AT&T", "revenue of att", False),
        ("What does ALL earn?", "What does all earn?", False),
        ("debt of 10-K", "debt of 10K", False),
        ("C++", "C", False),
        ("is it up?", "it is up?", False),
    ],
)
def test_normalising_keeps_what_a_question_means(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same
