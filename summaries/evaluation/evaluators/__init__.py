"""The five evaluators: a case and the product's output in, a score out. Pure."""

from __future__ import annotations

from summaries.evaluation.cases import Case, Kind
from summaries.evaluation.evaluators.citations import citation_quality
from summaries.evaluation.evaluators.facts import fact_accuracy
from summaries.evaluation.evaluators.guardrails import Guardrails
from summaries.evaluation.evaluators.speed import Limits
from summaries.evaluation.evaluators.words import word_count
from summaries.evaluation.outputs import Output
from summaries.evaluation.scores import Evaluate, Evaluator, Score

__all__ = ["APPLIES", "Guardrails", "Limits", "evaluate", "evaluators"]

_ALL = frozenset(Evaluator)
# What can be asked of each kind of case: a claim has no length to keep, a refused one no figure.
APPLIES: dict[Kind, frozenset[Evaluator]] = {
    Kind.SUMMARY: _ALL,
    Kind.TOO_LITTLE: frozenset(
        {Evaluator.FACT_ACCURACY, Evaluator.RESPONSE_TIME, Evaluator.GUARDRAIL_PASS}
    ),
    Kind.FACT: frozenset({Evaluator.FACT_ACCURACY, Evaluator.RESPONSE_TIME}),
    Kind.TRUE: frozenset({Evaluator.FACT_ACCURACY, Evaluator.RESPONSE_TIME}),
    Kind.FALSE: frozenset({Evaluator.RESPONSE_TIME, Evaluator.GUARDRAIL_PASS}),
}


def evaluators(*, limits: Limits, guardrails: Guardrails) -> dict[Evaluator, Evaluate]:
    return {
        Evaluator.FACT_ACCURACY: fact_accuracy,
        Evaluator.CITATION_QUALITY: citation_quality,
        Evaluator.WORD_COUNT: word_count,
        Evaluator.RESPONSE_TIME: limits.response_time,
        Evaluator.GUARDRAIL_PASS: guardrails.passed,
    }


def evaluate(
    case: Case, output: Output, using: dict[Evaluator, Evaluate]
) -> dict[Evaluator, Score]:
    """A score of each evaluator that applies."""
    return {
        name: _score(case, output, using[name]) for name in Evaluator if name in APPLIES[case.kind]
    }


def _score(case: Case, output: Output, evaluator: Evaluate) -> Score:
    if output.error:
        return Score.undetermined(output.error)
    if output.crashed:
        return Score.of(0, 1, f"the product failed with {output.crashed}")
    return evaluator(case, output)
