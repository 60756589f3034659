"""A run in words and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from summaries.evaluation.grading import Change, Comparison, Grade, Scored
from summaries.evaluation.keeping import Done, grade_told
from summaries.evaluation.scores import Evaluator
from summaries.models import RegressionRun

# Of cases that are not whole, and of changes; the JSON has all.
NAMED = 15


def text(
    kept: RegressionRun, done: Done, before: RegressionRun | None, comparison: Comparison | None
) -> str:
    cases = len({one.case.id for one in done.scored})
    lines = [
        f"Run {kept.pk}: {done.suite}, {kept.writer} writer, code {kept.code_version}. "
        f"{cases:,} cases in {kept.seconds:.1f} s, {kept.cost_usd:.2f} USD.",
        "",
        *_table(done.grades),
        *_faulty(done.scored),
        "",
        *_compared(before, comparison, done.scored),
    ]
    return "\n".join([*lines, "", f"Result: {kept.get_result_display()}."])


def _table(grades: Iterable[Grade]) -> Iterator[str]:
    row = "  {:<18}{:>9}{:>11}{:>8}{:>14}  {}".format
    yield row("evaluator", "score", "threshold", "cases", "undetermined", "").rstrip()
    for one in grades:
        yield row(
            one.evaluator.words, percent(one.mean), percent(one.threshold), one.cases,
            one.undetermined, one.result.value,
        )  # fmt: skip


def _faulty(scored: Iterable[Scored]) -> list[str]:
    found = [one for one in scored if one.score.value != 1]
    if not found:
        return []
    told = [
        f"  {one.case.id}, {one.evaluator.words} {percent(one.score.value)}: {one.score.why}"
        for one in found
    ]
    return ["", "Not whole:", *_first(told)]


def _compared(
    before: RegressionRun | None, comparison: Comparison | None, scored: Iterable[Scored]
) -> list[str]:
    if before is None or comparison is None:
        return ["There is no earlier run to compare with."]
    why = {one.key: one.score.why for one in scored}
    head = (
        f"Since run {before.pk} (code {before.code_version}): {len(comparison.regressed)} "
        f"regressed, {len(comparison.mended)} mended, {len(comparison.lost)} lost; "
        f"{len(comparison.added)} cases are new, {len(comparison.dropped)} gone."
    )
    named = (("regressed", comparison.regressed), ("mended", comparison.mended),
             ("lost", comparison.lost))  # fmt: skip
    told = [
        f"  {name} {_change(one)}: {why[one.case, one.evaluator]}"
        for name, changes in named
        for one in changes
    ]
    return [head, *_first(told)]


def _change(one: Change) -> str:
    words = Evaluator(one.evaluator).words
    return f"{one.case}, {words} {percent(one.before)} to {percent(one.after)}"


def _first(lines: list[str]) -> list[str]:
    more = [f"  and {len(lines) - NAMED} more (--json has all)"] if len(lines) > NAMED else []
    return [*lines[:NAMED], *more]


def percent(value: Fraction | Decimal | float | None) -> str:
    """Rounded down, so that only what is whole is 100 %."""
    return "–" if value is None else f"{int(Fraction(str(value)) * 1000) / 10:.1f}%"


def told(
    kept: RegressionRun, done: Done, before: RegressionRun | None, comparison: Comparison | None
) -> dict[str, Any]:
    return {
        "run": kept.pk,
        "suite": {"name": kept.suite, "version": kept.suite_version},
        "code_version": kept.code_version,
        "writer": kept.writer,
        "writer_version": kept.writer_version,
        "prompt_versions": kept.prompt_versions,
        "verifier_version": kept.verifier_version,
        "kinds": kept.kinds,
        "started_at": kept.started_at.isoformat(),
        "seconds": float(kept.seconds),
        "cost_usd": str(kept.cost_usd),
        "result": kept.result,
        "evaluators": [grade_told(one) for one in done.grades],
        "cases": [_case_told(one) for one in done.scored],
        "compared": _comparison_told(before, comparison),
    }


def _case_told(one: Scored) -> dict[str, Any]:
    return {
        "id": one.case.id,
        "kind": one.case.kind.value,
        "ticker": one.case.ticker,
        "evaluator": one.evaluator.value,
        "score": _number(one.score.value),
        "why": one.score.why,
    }


def _comparison_told(
    before: RegressionRun | None, comparison: Comparison | None
) -> dict[str, Any] | None:
    if before is None or comparison is None:
        return None

    def changes(found: Iterable[Change]) -> list[dict[str, Any]]:
        return [
            {
                "case": one.case, "evaluator": one.evaluator,
                "before": _number(one.before), "after": _number(one.after),
            }
            for one in found
        ]  # fmt: skip

    return {
        "run": before.pk,
        "code_version": before.code_version,
        "regressed": changes(comparison.regressed),
        "mended": changes(comparison.mended),
        "lost": changes(comparison.lost),
        "added": list(comparison.added),
        "dropped": list(comparison.dropped),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)
