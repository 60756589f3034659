"""Runs are kept, so that a version can be set beside an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from summaries.evaluation.cases import Kind
from summaries.evaluation.grading import Comparison, Grade, Result, Scored, Values, compare
from summaries.evaluation.versions import Versions
from summaries.models import RegressionResult, RegressionRun

PREVIOUS = "previous"
_PLACES = Decimal(1).scaleb(-6)


class NoBaseline(Exception):
    """There is no run of that name to compare with; the message says which there are."""


@dataclass(frozen=True)
class Done:
    """A run as it came out, before it is kept."""

    suite: str
    by_models: bool
    kinds: tuple[Kind, ...]  # () for all
    versions: Versions
    started_at: datetime
    cost_usd: Decimal
    scored: tuple[Scored, ...]
    grades: tuple[Grade, ...]
    result: Result


@transaction.atomic
def keep(done: Done) -> RegressionRun:
    now = timezone.now()
    run = RegressionRun.objects.create(
        suite=done.suite, suite_version=done.versions.suite, code_version=done.versions.code,
        writer=writer_of(by_models=done.by_models), writer_version=done.versions.writer,
        prompt_versions=done.versions.prompts, verifier_version=done.versions.verifier,
        kinds=[kind.value for kind in done.kinds], started_at=done.started_at, finished_at=now,
        seconds=Decimal(str(round((now - done.started_at).total_seconds(), 3))),
        cost_usd=done.cost_usd, result=done.result.value,
        grades=[grade_told(one) for one in done.grades],
    )  # fmt: skip
    RegressionResult.objects.bulk_create(
        RegressionResult(
            run=run, case=one.case.id, kind=one.case.kind.value, ticker=one.case.ticker,
            evaluator=one.evaluator.value, score=stored(one.score.value), why=one.score.why,
        )
        for one in done.scored
    )  # fmt: skip
    return run


def writer_of(*, by_models: bool) -> str:
    return RegressionRun.Writer.MODELS if by_models else RegressionRun.Writer.EXTRACTIVE


def stored(value: Fraction | None) -> Decimal | None:
    """To six places; a share that isn't whole is never stored as a whole one."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(_PLACES)
    return rounded if rounded < 1 or value == 1 else 1 - _PLACES


def grade_told(grade: Grade) -> dict[str, Any]:
    mean = stored(grade.mean)
    return {
        "evaluator": grade.evaluator.value,
        "mean": None if mean is None else float(mean),
        "threshold": float(grade.threshold),
        "cases": grade.cases,
        "undetermined": grade.undetermined,
        "result": grade.result.value,
    }


def baseline(name: str, *, suite: str, writer: str) -> RegressionRun | None:
    """The newest run of this suite and writer that ``name`` says: a run's number, a code version
    (or its first characters), or `previous`, which may be none. Raises NoBaseline."""
    runs = RegressionRun.objects.filter(suite=suite, writer=writer)
    if name == PREVIOUS:
        return runs.first()
    by_version = runs.filter(code_version__startswith=name.lower()).first()
    by_number = runs.filter(pk=int(name)).first() if name.isdecimal() and len(name) < 12 else None
    if found := by_number or by_version:
        return found
    known = ", ".join(f"{one.pk} ({one.code_version})" for one in runs[:5])
    raise NoBaseline(
        f"There is no run {name} of {suite} by the {writer} writer to compare with. "
        + (f"The newest: {known}." if known else "None was kept yet.")
    )


def since(before: RegressionRun, after: RegressionRun) -> Comparison:
    """What changed, of the kinds of cases that both runs had."""
    kinds = set(before.kinds or Kind) & set(after.kinds or Kind)
    return compare(_values(before, kinds), _values(after, kinds))


def _values(run: RegressionRun, kinds: Iterable[str]) -> Values:
    rows = run.results.filter(kind__in=kinds).values_list("case", "evaluator", "score")
    return {
        (case, evaluator): None if score is None else Fraction(score)
        for case, evaluator, score in rows
    }
