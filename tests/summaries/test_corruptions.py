"""The promise, measured: at least 99 % of corrupted sentences are caught, no true one is accused."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.verification import Verdict
from summaries.verification.corruptions import Corruption, corrupt
from tests.summaries.corrupting import Told, corrupted, told

SENTENCES = list(told())


def test_no_true_sentence_is_accused() -> None:
    accused = [
        (one.ticker, one.sentence) for one in SENTENCES if one.verdict() is not Verdict.SUPPORTED
    ]
    assert accused == []
    assert len(SENTENCES) > 700


@pytest.mark.parametrize("seed", [20261121])
def test_corruptions_are_caught(seed: int) -> None:
    rng = Random(seed)
    made: Counter[Corruption] = Counter()
    missed: list[tuple[str, str, str, str]] = []
    for one in SENTENCES:
        for wrong in corrupted(one, rng):
            made[wrong.kind] += 1
            if one.verdict(wrong.text) is Verdict.SUPPORTED:
                missed.append((one.ticker, wrong.kind, one.sentence, wrong.text))
    assert all(made[kind] > 20 for kind in Corruption), made
    assert len(missed) <= 0.01 * made.total(), missed
    for kind in Corruption:
        ours = [miss for miss in missed if miss[1] == kind]
        assert len(ours) <= 0.03 * made[kind], ours


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SENTENCES), st.sampled_from(list(Corruption)), st.randoms(use_true_random=False)
)
def test_a_wrong_digit_or_scale_never_passes(one: Told, kind: Corruption, rng: Random) -> None:
    if kind not in {Corruption.DIGIT, Corruption.SCALE, Corruption.POINTS, Corruption.ENTITY}:
        return
    wrong = corrupt(one.sentence, kind, one.sources, rng)
    if wrong is not None:
        assert one.verdict(wrong.text) is not Verdict.SUPPORTED, wrong
