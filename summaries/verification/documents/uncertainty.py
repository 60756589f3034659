"""How sure a claim sounds beside how sure its source is: the third layer.

"may", "approximately" and "expects" are the source's own caution: a claim that drops them says
more than the source; one that adds them says less. What lies ahead is no fault where somebody
is said to expect it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from summaries.verification.documents.results import Reason

_HEDGES = (
    "may", "might", "could", "possibly", "perhaps", "potentially", "likely", "unlikely", "appears",
    "appear", "seems", "seem", "suggests", "suggest", "probably", "presumably", "believes",
    "believe", "estimates", "estimated", "assumes", "assuming", "approximately", "about", "around",
    "roughly", "nearly", "almost", "subject to", "up to", "at least", "preliminary", "uncertain",
    "there can be no assurance", "no assurance", "tentative", "tentatively",
)  # fmt: skip
_BOOSTERS = (
    "certainly", "definitely", "undoubtedly", "unquestionably", "clearly", "obviously", "always",
    "guaranteed", "guarantees", "guarantee", "without doubt", "without a doubt", "no doubt",
    "sure to", "bound to", "inevitably", "inevitable", "proves", "proven", "risk-free",
    "cannot fail", "assured",
)  # fmt: skip
_FORWARD = (
    "will", "expects", "expect", "expected", "anticipates", "anticipate", "anticipated",
    "forecasts", "forecast", "projects", "projected", "plans", "intends", "targets", "outlook",
    "guidance", "guides", "sees", "foresees", "aims", "is set to", "going forward",
)  # fmt: skip
_ATTRIBUTED = (
    "expects", "expect", "anticipates", "anticipate", "forecasts", "projects", "plans", "intends",
    "targets", "outlook", "guidance", "guides", "sees", "foresees", "aims", "according to", "said",
    "says", "believes", "management", "analysts", "analyst", "consensus",
)  # fmt: skip
_QUANTIFIERS = frozenset(
    {"approximately", "about", "around", "roughly", "nearly", "almost", "up to", "at least"}
)
# A claim in other words is not the less certain for it: how much each kind of difference weighs.
DROPPED_CAUTION, ADDED_CERTAINTY, ADDED_DOUBT, UNATTRIBUTED = 0.6, 0.7, 0.3, 0.4


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        r"\b(?:" + "|".join(one.replace(" ", r"\s+") for one in longest) + r")\b", re.IGNORECASE
    )


_HEDGE, _BOOSTER, _AHEAD, _BY = map(_any, (_HEDGES, _BOOSTERS, _FORWARD, _ATTRIBUTED))


@dataclass(frozen=True)
class Doubt:
    """``score``: 0, as sure as its source, to 1."""

    score: float
    reasons: tuple[Reason, ...] = ()


def doubt(claim: str, evidence: str = "") -> Doubt:
    """Of a claim, beside the sentence that proves it; without one only what it says by itself."""
    reasons: list[Reason] = []
    score = 0.0
    for match in _BOOSTER.finditer(claim):
        if not _said(match.group(), evidence):
            score = max(score, ADDED_CERTAINTY)
            reasons.append(
                Reason(
                    "certainty", f"“{match.group()}” is more certain than any source is.",
                    *match.span(),
                )
            )  # fmt: skip
    forward = _AHEAD.search(claim)
    if forward and not _BY.search(claim):
        score = max(score, UNATTRIBUTED)
        reasons.append(
            Reason("attribution", "It speaks of the future and doesn't say who.", *forward.span())
        )
    if evidence:
        caution = _HEDGE.search(evidence) or _AHEAD.search(evidence)
        own = _HEDGE.search(claim) or _AHEAD.search(claim)
        if caution and not own:
            if caution.group().lower() not in _QUANTIFIERS:
                score = max(score, DROPPED_CAUTION)
                reasons.append(
                    Reason("caution", f"The source says “{caution.group()}”; the claim doesn't.")
                )
        elif own and not caution and _HEDGE.search(claim):
            score = max(score, ADDED_DOUBT)
            reasons.append(
                Reason("doubt", f"“{own.group()}” doubts what the source says.", *own.span())
            )
    return Doubt(score, tuple(reasons))


def _said(words: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE) is not None
