from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.models import Claim
from summaries.pages.sentences import parts

TEXT = "Revenue rose 6.4% to $416.2bn."


@dataclass(frozen=True)
class Cited:
    claim_start: int
    claim_end: int
    position: int = 0


@dataclass
class Rows:
    rows: list[Cited]

    def all(self) -> list[Cited]:
        return self.rows


@dataclass
class Said:
    text: str
    citations: Rows = field(default_factory=lambda: Rows([]))


def cut(text: str, *cited: Cited) -> list[tuple[str, tuple[Any, ...]]]:
    claim = cast("Claim", Said(text, Rows(list(cited))))
    return [(part.text, part.citations) for part in parts(claim)]


def test_sentence_without_citations_is_one_part() -> None:
    assert cut(TEXT) == [(TEXT, ())]


def test_each_proven_figure_is_a_part() -> None:
    growth, revenue = Cited(13, 17), Cited(21, 29, 1)
    assert cut(TEXT, revenue, growth) == [
        ("Revenue rose ", ()),
        ("6.4%", (growth,)),
        (" to ", ()),
        ("$416.2bn", (revenue,)),
        (".", ()),
    ]


def test_two_facts_behind_one_figure_are_one_part() -> None:
    now, then = Cited(13, 17), Cited(13, 17, 1)
    assert cut(TEXT, now, then)[1] == ("6.4%", (now, then))


def test_the_narrower_of_overlapping_stretches_stands() -> None:
    wide, narrow = Cited(8, 29), Cited(13, 17, 1)
    assert cut(TEXT, wide, narrow) == [
        ("Revenue rose ", ()),
        ("6.4%", (narrow, wide)),
        (" to $416.2bn.", ()),
    ]


def test_a_citation_of_the_whole_sentence_yields_to_figures() -> None:
    whole, figure = Cited(0, len(TEXT)), Cited(13, 17, 1)
    assert cut(TEXT, whole, figure)[1] == ("6.4%", (figure,))
    assert cut(TEXT, whole) == [(TEXT, (whole,))]


@pytest.mark.parametrize("beyond", [Cited(21, 400), Cited(21, 30)])
def test_a_citation_is_cut_to_the_text(beyond: Cited) -> None:
    assert cut(TEXT, beyond)[-1] == ("$416.2bn.", (beyond,))


def test_a_citation_past_the_text_is_left_out() -> None:
    assert cut(TEXT, Cited(100, 120)) == [(TEXT, ())]


_SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 40)).map(lambda t: Cited(t[0], t[0] + t[1])),
    max_size=8,
)


@given(st.text(min_size=1, max_size=40), _SPANS)
def test_the_parts_are_the_text_whatever_is_cited(text: str, cited: list[Cited]) -> None:
    assert "".join(part for part, _ in cut(text, *cited)) == text
