"""Word count: the share of tiers whose length an advisor can rely on. Pure."""

from __future__ import annotations

from summaries.evaluation.cases import Case
from summaries.evaluation.outputs import Output
from summaries.evaluation.scores import Score, listed
from summaries.tiers import WORDS, Tier, count_words


def word_count(case: Case, output: Output) -> Score:
    """Where nothing was written no tier has its length."""
    faults = [fault for tier in Tier if (fault := _fault(tier, output.text(tier)))]
    return Score.of(len(Tier) - len(faults), len(Tier), listed(faults, "every tier is in range"))


def _fault(tier: Tier, text: str) -> str:
    least, most = WORDS[tier]
    words = count_words(text)
    return "" if least <= words <= most else f"{tier} has {words} words, not {least} to {most}"
