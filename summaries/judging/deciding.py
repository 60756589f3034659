"""Undecided claims of one source, put to a judge in small batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import structlog

import llm
from llm.errors import CallFailed, NoModel
from llm.values import Purpose
from summaries.judging.accepting import accepted, score
from summaries.judging.asking import judge_ask
from summaries.judging.excerpts import excerpts
from summaries.judging.schemas import OfferedOpinion, OfferedOpinions
from summaries.verification.documents.judging import Told, Weights
from summaries.verification.documents.sources import Source
from summaries.verification.verdicts import Verdict

log = structlog.get_logger(__name__)
A_BATCH = 8


@dataclass(frozen=True)
class Undecided:
    """A claim that code neither proves nor refutes, and what code said of it."""

    claim: str
    told: Told


def opinions(
    cases: Sequence[Undecided], source: Source, purpose: Purpose, weights: Weights | None = None
) -> list[Told]:
    """What code said of each claim, or the judge's checked opinion instead, in their order. What a
    judge finds supported is for a person to read all the same.

    Where no model answers, or not to every claim, code's word stays. Raises costs.errors.OverBudget
    and Unpriced.
    """
    found: list[Told] = []
    for at in range(0, len(cases), A_BATCH):
        found += _batch(cases[at : at + A_BATCH], source, purpose, weights or Weights())
    return found


def _batch(
    cases: Sequence[Undecided], source: Source, purpose: Purpose, weights: Weights
) -> Iterator[Told]:
    shown = excerpts((case.claim for case in cases), source)
    offered = _offered(cases, shown, purpose) if shown else {}
    for number, case in enumerate(cases, start=1):
        opinion = offered.get(number)
        yield case.told if opinion is None else _decided(case, opinion, shown, source, weights)


def _offered(
    cases: Sequence[Undecided], shown: Sequence[str], purpose: Purpose
) -> dict[int, OfferedOpinion]:
    """By the claims' numbers; a number named twice is none."""
    try:
        reply = llm.judge(judge_ask([case.claim for case in cases], shown, purpose))
    except (NoModel, CallFailed) as error:
        log.warning("judging.no_answer", claims=len(cases), error=type(error).__name__)
        return {}
    if not isinstance(reply.data, OfferedOpinions):
        return {}
    numbers = [one.claim for one in reply.data.opinions]
    return {one.claim: one for one in reply.data.opinions if numbers.count(one.claim) == 1}


def _decided(
    case: Undecided, opinion: OfferedOpinion, shown: tuple[str, ...], source: Source,
    weights: Weights,
) -> Told:  # fmt: skip
    judged = accepted(case.claim, opinion, shown, source)
    if judged.verdict is Verdict.NOT_FOUND:
        return replace(case.told, reasons=(*case.told.reasons, *judged.reasons))
    likely = score(judged, opinion)
    risk = max(weights.sources * (1 - likely), weights.read)
    if judged.verdict is Verdict.CONTRADICTED:
        risk = 1.0
    return replace(
        case.told, verdict=judged.verdict, score=likely, risk=round(risk, 4), reasons=judged.reasons,
        evidence=judged.evidence,
    )  # fmt: skip
