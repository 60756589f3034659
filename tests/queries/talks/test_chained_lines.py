"""A chain of lines shows every change that is made to it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.chained_lines import Broken, chained, verified

LINES = [{"kind": "begin"}, {"kind": "query", "question": "What?"}, {"kind": "read", "by": "anna"}]


def test_a_chain_holds_and_ends_with_its_last_hash() -> None:
    made = list(chained(LINES))
    assert verified(made) == json.loads(made[-1])["hash"]
    assert json.loads(made[-1])["lines"] == 3


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda lines: [lines[0], lines[1].replace("What", "Why"), *lines[2:]], "Line 2 was changed"),
        (lambda lines: [lines[0], *lines[2:]], "Line 2 doesn't follow"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "Line 2 doesn't follow"),
        (lambda lines: lines[:-1], "It is cut after line 3"),
        (lambda lines: lines[1:], "Line 1 is not the beginning"),
        (lambda lines: [*lines, lines[-1]], "Line 5 stands after the end"),
        (lambda lines: [lines[0], "{", *lines[1:]], "Line 2 is no JSON"),
        (lambda lines: [], "It is cut after line 0"),
    ],
)  # fmt: skip
def test_what_was_done_to_it_is_named(broken, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Broken, match=said):
        verified(broken(list(chained(LINES))))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_changed_character_goes_unseen(data: st.DataObject) -> None:
    text = "\n".join(chained(LINES))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(exclude_characters=text[at], max_codepoint=126))
    changed = (text[:at] + other + text[at + 1 :]).splitlines()
    if [json.loads(one) for one in text.splitlines()] == _read(changed):
        return  # another way to write the same line
    with pytest.raises(Broken):
        verified(changed)


def _read(lines: list[str]) -> object:
    try:
        return [json.loads(one) for one in lines]
    except ValueError:
        return None
