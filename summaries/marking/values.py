"""What a text looks like once it is marked. All offsets are code points of the pasted text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from summaries.verification import Level, Verdict


class Kind(StrEnum):
    FIGURE = "figure"  # it says a figure, a period or a direction
    QUALITATIVE = "qualitative"
    FORWARD = "forward_looking"
    OPINION = "opinion"
    NONE = "no_claim"  # a heading, a question, a fragment


@dataclass(frozen=True)
class Reason:
    """One thing to know of a claim, in words; ``start`` and ``end``: where it speaks of."""

    code: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Evidence:
    """What a source says. ``source``: who, in words. ``verdict``: supported where it proves the
    claim, contradicted where it says otherwise.

    A passage has ``document`` with ``start`` and ``end`` in its text, and ``label`` if it is a cell
    of a table: its line and column. A fact has the rest.
    """

    source: str
    quote: str
    url: str
    verdict: Verdict
    document: int | None = None
    start: int | None = None
    end: int | None = None
    label: str = ""
    fact: int | None = None
    concept: str = ""
    value: Decimal | None = None
    unit: str = ""
    period_start: date | None = None
    period_end: date | None = None
    accession: str = ""


@dataclass(frozen=True)
class Disagreement:
    """Two sources that don't say the same of what the claim says."""

    supporting: Evidence
    contradicting: Evidence

    @property
    def text(self) -> str:
        for_it, against = self.supporting, self.contradicting
        return (
            f"The sources disagree: {for_it.source} says “{_short(for_it)}”, "
            f"{against.source} says “{_short(against)}”."
        )


def _short(evidence: Evidence) -> str:
    told = f"{evidence.label}: {evidence.quote}" if evidence.label else evidence.quote
    words = " ".join(told.split())
    return words if len(words) <= 160 else f"{words[:159].rstrip()}…"


@dataclass(frozen=True)
class MarkedClaim:
    start: int
    end: int
    text: str
    kind: Kind
    verdict: Verdict
    risk: Decimal
    level: Level
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True)
class Marked:
    """``verdict`` and ``risk``: of the whole text; claims in the order of the text."""

    ticker: str
    verdict: Verdict
    risk: Decimal
    level: Level
    claims: tuple[MarkedClaim, ...]
