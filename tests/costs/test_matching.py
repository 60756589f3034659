"""Which billed line is which call: nearest first, and as many as possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from costs.reconciling.lines import EARLIEST, LATEST, BilledRequest
from costs.reconciling.matching import FURTHEST, Waiting, alike
from costs.tokens import Tokens

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def line(number: int, second: float, prompt: int) -> BilledRequest:
    at = NOON + timedelta(seconds=second)
    return BilledRequest(number, "anthropic", "small", False, at, Tokens(prompt, 0, 0, 0, 5), None)


def call(pk: int, second: float, prompt: int) -> Waiting:
    return Waiting(pk, "anthropic", "small", False, NOON + timedelta(seconds=second), prompt)


def test_the_nearest_length_is_taken() -> None:
    calls = [call(1, 0, 900), call(2, 0, 1010)]
    assert alike([line(7, 2, 1000), line(8, 2, 905)], calls) == {7: 2, 8: 1}


def test_a_call_sent_after_a_line_leaves_it_to_the_call_before() -> None:
    """By length alone the early call would have the late line, and the early line nobody."""
    calls = [call(1, 0, 1000), call(2, 10, 700)]
    assert alike([line(7, 1, 800), line(8, 11, 1000)], calls) == {7: 1, 8: 2}


def test_what_is_nobodys_stays() -> None:
    assert alike([line(7, 1, 800)], []) == {}
    assert alike([line(7, 1, 800)], [call(1, 5, 800)]) == {}
    assert alike([line(7, 1, 800), line(8, 2, 800)], [call(1, 0, 790)]) == {7: 1}


seconds = st.integers(0, 6).map(float)
lengths = st.sampled_from([100, 250, 290, 600, 2000])


@given(
    st.lists(st.tuples(seconds, lengths), max_size=5),
    st.lists(st.tuples(seconds, lengths), max_size=5),
)
def test_as_many_as_possible(
    billed: list[tuple[float, int]], sent: list[tuple[float, int]]
) -> None:
    lines = [line(number, *one) for number, one in enumerate(billed)]
    calls = [call(100 + pk, *one) for pk, one in enumerate(sent)]
    found = alike(lines, calls)
    assert len(set(found.values())) == len(found)
    by_number, by_pk = {one.number: one for one in lines}, {one.pk: one for one in calls}
    assert all(may_be(by_number[number], by_pk[pk]) for number, pk in found.items())
    assert len(found) == most(lines, calls)


def may_be(billed: BilledRequest, sent: Waiting) -> bool:
    longer = max(billed.tokens.prompt, sent.prompt) / min(billed.tokens.prompt, sent.prompt)
    in_time = sent.sent_at - EARLIEST <= billed.at <= sent.sent_at + LATEST[False]
    return in_time and longer <= FURTHEST


def most(lines: list[BilledRequest], calls: list[Waiting]) -> int:
    """By trying every order: who comes first takes any that is left."""
    if len(lines) > len(calls):
        places = [tuple(order) for order in permutations(range(len(lines)), len(calls))]
        return max(sum(may_be(lines[a], c) for a, c in zip(o, calls, strict=True)) for o in places)
    orders = permutations(range(len(calls)), len(lines))
    return max(sum(may_be(x, calls[a]) for a, x in zip(o, lines, strict=True)) for o in orders)
