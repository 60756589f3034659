"""A whole run: a suite through the product, every output scored, the scores graded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from summaries.authoring import spent
from summaries.authoring.asking import claims_prompt, tier_prompt
from summaries.evaluation.cases import Case, Kind, Suite
from summaries.evaluation.disclosures import REQUIRED
from summaries.evaluation.evaluators import Guardrails, Limits, evaluate, evaluators
from summaries.evaluation.grading import Scored, grades, result_of
from summaries.evaluation.keeping import Done
from summaries.evaluation.running import Write, by_models, by_writer, outputs
from summaries.evaluation.scores import Evaluator
from summaries.evaluation.versions import Versions


def run(
    suite: Suite,
    *,
    models: bool = False,
    kinds: Sequence[Kind] = (),
    write: Write | None = None,
    told: Callable[[Case], None] = lambda case: None,
) -> Done:
    """``kinds``: of cases, () for all. ``write``: another writer than the product's own. ``told``
    hears of each case when it is done. Raises NotLoaded."""
    started_at = timezone.now()
    key = f"regression-{uuid4().hex[:12]}"
    chosen = suite.only(kinds) if kinds else suite
    using = evaluators(limits=limits(models=models), guardrails=guardrails())
    scored: list[Scored] = []
    writers: set[str] = set()
    for case, output in outputs(chosen, write or (by_models(key) if models else by_writer())):
        scores = evaluate(case, output, using)
        writers |= {output.writer} - {""}
        scored += [Scored(case, evaluator, score) for evaluator, score in scores.items()]
        told(case)
    graded = grades(scored, thresholds())
    return Done(
        suite=suite.name,
        by_models=models,
        kinds=tuple(kinds),
        versions=Versions.of(suite, by_models=models, writers=writers),
        started_at=started_at,
        cost_usd=_cost(key, suite) if models else Decimal(0),
        scored=tuple(scored),
        grades=graded,
        result=result_of(graded),
    )


def _cost(key: str, suite: Suite) -> Decimal:
    return sum((spent(run=key, ticker=ticker) for ticker in suite.tickers), Decimal(0))


def thresholds() -> dict[Evaluator, Fraction]:
    told = settings.REGRESSION_THRESHOLDS
    return {one: Fraction(str(told[one.value])) / 100 for one in Evaluator}


def limits(*, models: bool) -> Limits:
    told = settings.REGRESSION_SECONDS
    return Limits(told["summary_by_models" if models else "summary"], told["claim"])


def guardrails() -> Guardrails:
    instructions = (claims_prompt().text, tier_prompt().text)
    return Guardrails.against(instructions, disclosure=REQUIRED)
