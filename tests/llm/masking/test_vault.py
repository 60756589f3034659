"""Whatever the text: it comes back as it was, whole or in pieces."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm.masking import Unmasker, Vault, mask, unmask

PIECES = st.sampled_from(
    [
        "[PERSON_1]", "[PERSON_2]", "[LITERAL_1]", "[LITERAL_2]", "[EMAIL_1", "PERSON_1]", "[", "]", "_1", "[[PERSON_1]]",
        "[PERSON_0]", "[PERSON_01]", "[person_1]", "[EMAIL_999999999]", "John Smith", "john@x.com", " ", "\n", ", ", "Mr. ",
        "123-45-6789", "\u200b", "é", "e\u0301", "４", "my client ", "Jane", "12 Elm Street", "&", "Inc", "4111111111111111",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=4))).map("".join))


@settings(deadline=None, max_examples=400)
@given(TEXTS)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    vault = Vault()
    assert unmask(mask(text, vault), vault) == text


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS, max_size=5))
def test_so_does_each_of_a_conversation_also_after_storing(texts: list[str]) -> None:
    vault = Vault()
    gone = []
    for text in texts:
        gone.append(mask(text, vault))
        vault = Vault.from_dict(json.loads(json.dumps(vault.as_dict())))
    assert [unmask(one, vault) for one in gone] == texts


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.lists(st.integers(0, 200)))
def test_a_stream_equals_the_whole_however_it_is_cut(text: str, cuts: list[int]) -> None:
    vault = Vault()
    sent = mask(f"{text} John Smith john@x.com", vault)
    places = [0, *sorted({min(cut, len(sent)) for cut in cuts}), len(sent)]
    unmasker = Unmasker(vault)
    told = [unmasker.feed(sent[a:b]) for a, b in itertools.pairwise(places)]
    assert "".join([*told, unmasker.finish()]) == unmask(sent, vault)


def test_a_stream_of_single_characters_holds_back_no_more_than_a_placeholder() -> None:
    vault = Vault.from_dict({"[PERSON_1]": "Jane", "[PERSON_12]": "Joe"})
    unmasker = Unmasker(vault)
    told = [unmasker.feed(character) for character in "a [b [PERSON_1] [PERSON_12]"]
    assert told[:4] == ["a", " ", "", "[b"]
    assert "".join(told) == "a [b Jane Joe"
    assert unmasker.feed(" [PERS") == " "
    assert unmasker.finish() == "[PERS"
    assert unmasker.finish() == ""


def test_a_placeholder_that_nobody_gave_stays() -> None:
    assert (
        unmask("[PERSON_7] [PERSON_1]", Vault.from_dict({"[PERSON_1]": "Jane"}))
        == "[PERSON_7] Jane"
    )


def test_an_original_that_looks_like_a_placeholder_is_put_back_once() -> None:
    vault = Vault.from_dict({"[PERSON_1]": "[PERSON_2]", "[PERSON_2]": "Jane"})
    assert unmask("[PERSON_1]", vault) == "[PERSON_2]"


def test_a_text_cannot_ask_for_a_placeholder_of_the_vault() -> None:
    vault = Vault()
    mask("My client Jane Roe", vault)
    answer = mask("Who is [PERSON_1]?", vault)
    assert "[PERSON_1]" not in answer
    assert unmask(answer, vault) == "Who is [PERSON_1]?"


def test_a_vault_says_nothing_of_what_it_holds() -> None:
    vault = Vault.from_dict({"[PERSON_1]": "Jane"})
    assert repr(vault) == "<Vault of 1>"
    assert vault.as_dict() == {"[PERSON_1]": "Jane"}


@pytest.mark.parametrize("key", ["PERSON_1", "[NOBODY_1]", "[PERSON_0]", ""])
def test_a_vault_is_read_from_placeholders_alone(key: str) -> None:
    with pytest.raises(ValueError, match=r"such as \[PERSON_1\]") as refused:
        Vault.from_dict({key: "Jane"})
    assert "Jane" not in str(refused.value)
