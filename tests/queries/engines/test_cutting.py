"""A stream cut into sentences, its citation marks taken off."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.checking.cutting import Cited, Cutter

TEXT = (
    "Revenue was $416.2bn in fiscal 2025 [1, 3]. Net income rose 3.5%. [2][4] **Apple Inc. said** "
    "that it expects [5-7] growth! - Costs fell.\n\nThe end [10]"
)
WHOLE = [
    Cited("Revenue was $416.2bn in fiscal 2025.", (1, 3)),
    Cited("Net income rose 3.5%.", (2, 4)),
    Cited("Apple Inc. said that it expects growth!", (5, 6, 7)),
    Cited("Costs fell."),
    Cited("The end", (10,)),
]


def cut(pieces: list[str], *, is_cut_off: bool = False) -> list[Cited]:
    cutter = Cutter()
    found = [one for piece in pieces for one in cutter.feed(piece)]
    return [*found, *cutter.finish(is_cut_off=is_cut_off)]


@given(st.lists(st.integers(0, len(TEXT)), max_size=40))
def test_however_it_comes_the_sentences_are_the_same(places: list[int]) -> None:
    bounds = [0, *sorted(places), len(TEXT)]
    pieces = [TEXT[a:b] for a, b in pairwise(bounds)]
    assert cut(pieces) == WHOLE


def test_a_sentence_comes_when_the_next_begins() -> None:
    cutter = Cutter()
    assert list(cutter.feed("Revenue rose [1].")) == []
    assert list(cutter.feed(" [2")) == []
    assert list(cutter.feed("] Costs")) == [Cited("Revenue rose.", (1, 2))]
    assert list(cutter.finish()) == [Cited("Costs")]


@pytest.mark.parametrize("tail", ["Costs fell by", "Costs fell by [3"])
def test_half_a_sentence_of_who_was_stopped_says_nothing(tail: str) -> None:
    assert cut(["Revenue rose. ", tail], is_cut_off=True) == [Cited("Revenue rose.")]
    assert cut(["Revenue rose. Costs fell."], is_cut_off=True)[-1] == Cited("Costs fell.")


@pytest.mark.parametrize(
    ("text", "numbers"), [("It rose [1-999].", 9), ("It rose [999].", 1), ("It rose [0].", 1)]
)
def test_a_mark_of_anything_is_bounded(text: str, numbers: int) -> None:
    ((found),) = cut([text])
    assert found.text == "It rose."
    assert len(found.numbers) == numbers


def test_brackets_that_are_no_mark_stay() -> None:
    assert cut(["It rose [sic] by far. "]) == [Cited("It rose [sic] by far.")]
