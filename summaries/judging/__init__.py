"""A model's opinion on what code can't decide: a qualitative claim, a loose paraphrase.

A model never decides about a number. What it says counts only with an exact quote of the source,
and only where every figure, period and year of the claim stands in that quote; else code's own
verdict stays.
"""

from summaries.judging.asking import judges_are_set_up
from summaries.judging.deciding import Undecided, opinions

__all__ = ["Undecided", "judges_are_set_up", "opinions"]
