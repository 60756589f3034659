"""The key of a question, and what leaves the house for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from pydantic import BaseModel

import llm
from llm import keeping, outgoing
from llm.keeping import key_of
from llm.masking import Vault
from llm.masking.found import Kind
from llm.models import KeptReply
from llm.values import Ask, Complexity, Part, Prompt, Turn
from tests.llm.door.asks import Verdict, an_ask
from tests.vendors import ModelSite


class Wider(BaseModel):
    verdict: str
    score: int
    why: str


BASE = an_ask(replay="k", schema=Verdict)


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, replay="l"),
        replace(BASE, prompt=Prompt("tests/try", "v2", BASE.prompt.text)),
        replace(BASE, turns=(Turn("user", (Part("Another?"),)),)),
        replace(BASE, schema=Wider),
        replace(BASE, schema=None),
        replace(BASE, complexity=Complexity.COMPLEX),
        replace(BASE, max_output_tokens=7),
    ],
)
def test_another_question_has_another_key(other: Ask) -> None:
    assert key_of(other) != key_of(BASE)


def test_same_question_has_the_same_key_whoever_asks() -> None:
    purpose = replace(BASE.purpose, user=7, query="q", variant="v")
    assert key_of(replace(BASE, purpose=purpose, seconds=1)) == key_of(BASE)


def test_names_that_are_masked_are_part_of_the_key() -> None:
    typed = (Turn("user", (Part("What does Jo Doe hold?", is_private=True),)),)
    known = replace(BASE, turns=typed, names=frozenset({"Jo Doe"}))
    assert key_of(known) == key_of(known)
    assert key_of(known) != key_of(replace(known, names=frozenset({"Jo", "Doe", "What"})))


def test_without_a_replay_key_there_is_no_key() -> None:
    with pytest.raises(ValueError, match=r"Ask\.replay"):
        key_of(an_ask())


@pytest.mark.enable_socket
def test_expired_answers_are_forgotten(site: ModelSite) -> None:
    ask = an_ask(replay="k")
    record = llm.write(ask).record
    assert keeping.forget_expired() == 0
    KeptReply.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert keeping.kept(key_of(ask)) is None
    again = llm.write(ask)  # kept anew, over the old one
    assert not again.is_replay
    assert KeptReply.objects.get().record_id == again.record != record
    KeptReply.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert keeping.forget_expired() == 1


def test_originals_come_back_in_json_and_in_data() -> None:
    vault = Vault()
    placeholder = vault.placeholder(Kind.PERSON, 'Jo "the Bull" Döe\\', "")
    text = f'{{"verdict": "ask {placeholder}", "score": 1}}'
    back = outgoing.text_back(text, vault, is_json=True)
    data = outgoing.data_back(Verdict.model_validate_json(text), vault)
    assert Verdict.model_validate_json(back) == data
    assert data == Verdict(verdict='ask Jo "the Bull" Döe\\', score=1)
    pieces = outgoing.unmasker(vault, is_json=True)
    streamed = "".join(pieces.feed(character) for character in text) + pieces.finish()
    assert streamed == back
