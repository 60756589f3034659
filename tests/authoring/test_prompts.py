"""What the prompts show as right is right, and what they show as wrong is refused."""

from __future__ import annotations

import re

import pytest

from summaries.authoring.asking import claims_prompt, tier_prompt
from summaries.authoring.reported import NAMED
from summaries.authoring.schemas import OfferedClaim
from summaries.tiers import WORDS
from summaries.verification import Verdict, verify
from summaries.verification.lexicon import MULTIPLES, PHRASES, Part
from tests.authoring import acme


def between(text: str, start: str, end: str) -> list[str]:
    """The list items between two lines."""
    part = text[text.index(start) : text.index(end)]
    return re.findall(r"^- (.+)$", part, re.MULTILINE)


RIGHT = between(claims_prompt().text, "These are sentences that pass", "These are dropped")
WRONG = re.findall(r'^- "(.+?)" ', claims_prompt().text, re.MULTILINE)


def test_examples_were_found() -> None:
    assert (len(RIGHT), len(WRONG)) == (18, 9)


@pytest.mark.parametrize("text", RIGHT)
def test_examples_of_claims_pass(text: str) -> None:
    (check,) = verify(text, acme.SOURCES)
    assert check.verdict is Verdict.SUPPORTED, check.findings


@pytest.mark.parametrize("text", WRONG[3:])
def test_examples_of_what_is_dropped_are_dropped(text: str) -> None:
    assert any(check.verdict is not Verdict.SUPPORTED for check in verify(text, acme.SOURCES))


def test_verbs_that_the_prompt_offers_are_understood() -> None:
    (listed,) = re.findall(r"Use these verbs: (.+?)\. A change", claims_prompt().text)
    words = re.split(r"[,;] ", listed)
    verbs = {Part.VERB, Part.MOVE, Part.IMPLIED}
    assert [w for w in words if w not in MULTIPLES and PHRASES[w][0] not in verbs] == []


def test_texts_example_is_proven_as_a_whole() -> None:
    sentences = re.findall(r'^- "(.+)" claims', tier_prompt().text, re.MULTILINE)
    assert len(sentences) == 3
    checks = verify(" ".join(sentences), acme.SOURCES)
    assert {check.verdict for check in checks} == {Verdict.SUPPORTED}


def test_prompts_say_the_ranges_and_topics_that_are_checked() -> None:
    for tier, (least, most) in WORDS.items():
        assert f"- {tier.value}: {least} to {most} words" in tier_prompt().text
    topics = OfferedClaim.model_json_schema()["properties"]["topic"]["enum"]
    assert f"`topic` is one of: {', '.join(topics)}." in claims_prompt().text
    assert "net_income" in NAMED


def test_stable_part_is_long_enough_for_a_providers_cache() -> None:
    """2,048 tokens for the large model, at some four characters a token."""
    assert 6_500 < len(claims_prompt().text) < 12_000
