"""Whatever is typed: no exception, the same meaning each time, bounded in every part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.understanding import Meant, route, understand
from queries.values import LONGEST_QUESTION, Depth, Exchange
from tests.queries.understanding.test_meaning import register

PIECES = st.sampled_from([
    "AAPL", "apple's", "revenue", "margins", "last year", "the year before", "Q3'24", "since 2019",
    "2019-2023", "vs", "MSFT", "why", "should I buy", "10-K", "say about", "and", "what about",
    "it", "$", "$A", "fy", "'", "’s", "\n", "?", "over the last", "99", "years", "one hundred",
    "31 February 2024", "as of 30 Feb 2024", "2020-13-45", "İ", "ß", "\x00", "🙂", "R&D", "AT&T", ".",
])  # fmt: skip
NASTY = (
    "A" * LONGEST_QUESTION, "AAPL " * 4000, "2019 to " * 2500, "last " * 4000, "' " * 10_000,
    "the same quarter " * 1200, "Q1 " * 6000, "Apple and " * 2000, "is a " * 4000, "$" * 20_000,
    "who " * 5000, "which is " * 2200 + "largest", "year before " * 1600, "9" * 20_000,
    "A.b " * 5000, "İ" * 20_000, "from 2019 " * 2000,
)  # fmt: skip


def check(question: str, before: list[str]) -> Meant:
    exchanges = [Exchange(one, "", ("AAPL",)) for one in before]
    found = understand(question, register(), chosen=["MSFT", "zzz"], before=exchanges)
    assert found == understand(question, register(), chosen=["MSFT", "zzz"], before=exchanges)
    assert isinstance(route(found, question), Depth)
    assert set(found.stocks) <= {one.ticker for one in register().listings}
    assert max(map(len, (found.stocks, found.measures, found.periods, found.topic))) <= 12
    return found


@given(st.lists(PIECES, max_size=14), st.lists(st.lists(PIECES, max_size=6), max_size=3))
def test_any_words_are_understood(pieces: list[str], before: list[list[str]]) -> None:
    check(" ".join(pieces), [" ".join(one) for one in before])


@given(st.text(max_size=300))
def test_any_text_is_understood(question: str) -> None:
    check(question, [question[:40]])


@pytest.mark.parametrize("question", NASTY, ids=[one[:12] for one in NASTY])
def test_the_longest_questions_are_understood(question: str) -> None:
    check(question[:LONGEST_QUESTION], [])
