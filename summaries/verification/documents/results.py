"""What a prover says of a claim."""

from __future__ import annotations

from dataclasses import dataclass

from summaries.verification.verdicts import Verdict


@dataclass(frozen=True)
class Evidence:
    """Where the source says it: ``start`` and ``end`` in its text, or a cell of a table."""

    text: str
    start: int = -1
    end: int = -1
    table: int = -1
    row: int = -1
    column: int = -1


@dataclass(frozen=True)
class Reason:
    """One reason against a claim, in words. ``start`` and ``end``: in the claim's text; 0, 0 for
    the whole of it. ``code``: "value", "scale", "unit", "sign", "direction", "period", "entity",
    "measure", "basis", "negation", "name", "order", "unproven"."""

    code: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Judged:
    """``verdict``: supported only where all that the claim says is proven; contradicted where the
    source says otherwise of the same thing; else not found. ``score``: how likely the claim is
    true, 0 to 1, of a prover that weighs; None of one that proves."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    score: float | None = None

    @property
    def is_supported(self) -> bool:
        return self.verdict is Verdict.SUPPORTED


def supported(*evidence: Evidence, score: float | None = None) -> Judged:
    return Judged(Verdict.SUPPORTED, (), evidence, score)


def contradicted(*reasons: Reason, evidence: tuple[Evidence, ...] = ()) -> Judged:
    return Judged(Verdict.CONTRADICTED, reasons, evidence)


def not_found(*reasons: Reason, score: float | None = None) -> Judged:
    return Judged(Verdict.NOT_FOUND, reasons, score=score)
