"""What the verifier is for: a sentence with one thing made false is not supported."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.verification import Sources, Verdict, verify
from summaries.verification.corruptions import Corruption, corrupt
from tests.summaries.test_verification_templates import (
    made_up,
    sources_and_sentences,
    tellers,
    told,
)

GROWING = dict(made_up())["growing"]


@cache
def sentences() -> tuple[tuple[Sources, str], ...]:
    return tuple(sources_and_sentences())


@cache
def growing() -> tuple[str, ...]:
    [teller] = tellers(GROWING.company, GROWING.book)
    return tuple(told(teller, GROWING.benchmark))


def supported(text: str, sources: Sources) -> bool:
    return all(check.verdict is Verdict.SUPPORTED for check in verify(text, sources))


@pytest.mark.parametrize("kind", list(Corruption))
def test_at_least_99_of_100_corruptions_of_each_kind_are_caught(kind: Corruption) -> None:
    rng = Random(20)
    counted: Counter[str] = Counter()
    for sources, sentence in sentences()[::3]:
        if corrupted := corrupt(sentence, kind, sources, rng):
            counted["made"] += 1
            counted["missed"] += supported(corrupted.text, sources)
    assert counted["made"] > 10
    assert counted["missed"] <= counted["made"] // 100


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(list(Corruption)), st.integers(0, 10**6))
def test_corrupted_sentence_of_a_made_up_company_is_never_supported(
    data: st.DataObject, kind: Corruption, seed: int
) -> None:
    sentence = data.draw(st.sampled_from(growing()))
    corrupted = corrupt(sentence, kind, GROWING, Random(seed))
    if corrupted is not None:
        assert corrupted.text != sentence
        assert not supported(corrupted.text, GROWING)


def test_corruption_that_could_be_true_is_not_made() -> None:
    # Research was 7.7% of revenue in two years: another year is no corruption.
    text = "The gross margin was 41.8% in fiscal 2019."
    made = {corrupt(text, Corruption.MEASURE, GROWING, Random(seed)) for seed in range(40)}
    assert all(one is None or not supported(one.text, GROWING) for one in made)
    assert corrupt("Revenue rose.", Corruption.DIGIT, GROWING, Random(1)) is None
