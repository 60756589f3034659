"""How far a text is to be trusted: the layers' weights, and the risks from which it is held back.

The layers are what other sources say (1), what the history says (2), and how sure the text sounds
beside its source (3). Weights alone would leave a flat contradiction at the first layer's weight:
hence a contradicted claim is 1 whatever the others say, and one that no source says is rejected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from summaries.verification.verdicts import ClaimCheck, Verdict

_NONE, _CERTAIN = Decimal(0), Decimal(1)


class Level(StrEnum):
    LOW = "low"  # accepted
    MEDIUM = "medium"  # read by a person
    HIGH = "high"  # flagged
    CRITICAL = "critical"  # rejected


@dataclass(frozen=True)
class Scale:
    """Weights of the layers, which add up to 1; the risks at which the levels above LOW begin."""

    sources: Decimal = Decimal("0.5")
    history: Decimal = Decimal("0.2")
    certainty: Decimal = Decimal("0.3")
    review: Decimal = Decimal("0.4")
    flag: Decimal = Decimal("0.6")
    reject: Decimal = Decimal("0.8")

    def level(self, risk: Decimal) -> Level:
        if risk >= self.reject:
            return Level.CRITICAL
        if risk >= self.flag:
            return Level.HIGH
        return Level.MEDIUM if risk >= self.review else Level.LOW

    def risk(
        self,
        verdict: Verdict,
        *,
        sources: Decimal = _NONE,
        history: Decimal = _NONE,
        certainty: Decimal = _NONE,
    ) -> Decimal:
        """Of one claim, 0 to 1. ``sources``, ``history``, ``certainty``: the doubt of each layer,
        0 to 1; that of the first is whole where no source supports the claim."""
        if verdict is Verdict.CONTRADICTED:
            return _CERTAIN
        doubt = self.history * history + self.certainty * certainty
        if verdict is Verdict.SUPPORTED:
            return self.sources * sources + doubt
        whole = self.sources + doubt
        return max(whole, self.reject if verdict is Verdict.NOT_FOUND else self.review)

    def together(self, risks: Iterable[Decimal]) -> Decimal:
        """Of a text: that of its worst claim if it is to be rejected, else the mean; what nobody
        can check at all is for a person to read."""
        told = list(risks)
        if not told:
            return max(self.sources, self.review)
        worst = max(told)
        return worst if worst >= self.reject else sum(told, _NONE) / len(told)


DESIGN = Scale()


def risk(checks: Iterable[ClaimCheck], scale: Scale = DESIGN) -> Decimal:
    """0 to 1, of a text of which each sentence was checked."""
    return scale.together(
        scale.risk(check.verdict, history=check.history, certainty=_NONE) for check in checks
    )
