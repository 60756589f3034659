"""A claim against a source: whoever can prove it does, and how far the whole is to be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from summaries.verification.documents import entailing, prose, quoting, tabular
from summaries.verification.documents.misquoting import misquoted
from summaries.verification.documents.results import Evidence, Judged, Reason, not_found
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.uncertainty import Doubt, doubt
from summaries.verification.verdicts import Verdict

Prover = Callable[[Sentence, Source], Judged]
PROVERS: tuple[Prover, ...] = (quoting.prove, tabular.prove, prose.prove)

# How often a claim with this verdict of the exact provers is true, measured on labelled claims
# (make bench ONLY=truth).
TRUE = {Verdict.SUPPORTED: 0.98, Verdict.NOT_FOUND: 0.2, Verdict.CONTRADICTED: 0.03}


@dataclass(frozen=True)
class Weights:
    """Of the layers that a document decides. ``veto``: the least risk of a claim that no source
    says; ``read``: of one that is likely, but not proven."""

    sources: float = 0.5
    certainty: float = 0.3
    veto: float = 0.8
    read: float = 0.4


@dataclass(frozen=True)
class Told:
    """``score``: how likely the claim is true, 0 to 1. ``risk``: 0 to 1; below 0.4 is accepted,
    below 0.6 read by a person, below 0.8 flagged, else rejected. ``is_likely``: supported, but by
    likelihood alone and not by proof."""

    verdict: Verdict
    score: float
    risk: float
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]
    is_likely: bool = False


def judge(text: str, source: Source) -> Judged:
    """Contradicted where the source's own sentence is misquoted; else by the first prover that
    proves the claim; else the first that refutes it; else by how well its clauses stand in the
    source."""
    if wrong := misquoted(text, source):
        return wrong
    claim = Sentence(0, text)
    refuted: Judged | None = None
    missing: Judged | None = None
    for prove in PROVERS:
        judged = prove(claim, source)
        if judged.is_supported:
            return judged
        if judged.verdict is Verdict.CONTRADICTED:
            refuted = refuted or judged
        elif judged.reasons:
            missing = missing or judged
    if refuted:
        return refuted
    likely = entailing.prove(claim, source)
    if likely.is_supported or likely.score is not None:
        return likely
    return missing or not_found(Reason("unproven", "The source doesn't say it."))


def score_of(judged: Judged) -> float:
    """How likely a claim so judged is true, 0 to 1."""
    return TRUE[judged.verdict] if judged.score is None else judged.score


def told(text: str, source: Source, weights: Weights | None = None) -> Told:
    """The verdict on a claim, with score and risk. What the source doesn't say has the veto's risk
    at least, what it contradicts 1; what it only bears out is for a person to read."""
    weights = weights or Weights()
    judged = judge(text, source)
    evidence = " ".join(one.text for one in judged.evidence if one.start >= 0)
    how_sure = doubt(text, evidence) if judged.is_supported else Doubt(0.0)
    score = score_of(judged)
    risk = weights.sources * (1 - score) + weights.certainty * how_sure.score
    is_likely = judged.is_supported and judged.score is not None
    if is_likely:
        risk = max(risk, weights.read)
    if judged.verdict is Verdict.NOT_FOUND:
        risk = max(risk, weights.veto)
    if judged.verdict is Verdict.CONTRADICTED:
        risk = 1.0
    return Told(
        judged.verdict, score, round(risk, 4), (*judged.reasons, *how_sure.reasons),
        judged.evidence, is_likely,
    )  # fmt: skip
