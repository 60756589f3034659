from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from summaries.pages.changes import Kind, Run, changes

WORDS = st.lists(st.sampled_from(["revenue", "rose", "fell", "6.4%", "to", "$1.2bn."])).map(
    " ".join
)


def test_changes_word_by_word() -> None:
    assert changes("Revenue rose 2.0% to $1bn.", "Revenue fell 2.0% to $1bn.") == [
        Run(Kind.SAME, "Revenue "),
        Run(Kind.GONE, "rose "),
        Run(Kind.NEW, "fell "),
        Run(Kind.SAME, "2.0% to $1bn."),
    ]


def test_the_space_is_not_part_of_what_changed() -> None:
    run = Run(Kind.NEW, "fell ")
    assert (run.words, run.space) == ("fell", " ")


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_the_changes(before: str, after: str) -> None:
    runs = changes(before, after)
    assert "".join(r.text for r in runs if r.kind is not Kind.NEW).split() == before.split()
    assert "".join(r.text for r in runs if r.kind is not Kind.GONE).split() == after.split()
