"""Means against thresholds, and one run against another."""

from __future__ import annotations

from fractions import Fraction

import pytest

from summaries.evaluation.cases import Case, Kind
from summaries.evaluation.grading import Change, Result, Scored, compare, grades, result_of
from summaries.evaluation.keeping import stored
from summaries.evaluation.regression import thresholds
from summaries.evaluation.report import percent
from summaries.evaluation.scores import Evaluator, Score

DEFAULTS = {
    Evaluator.FACT_ACCURACY: Fraction(80, 100),
    Evaluator.CITATION_QUALITY: Fraction(75, 100),
    Evaluator.WORD_COUNT: Fraction(90, 100),
    Evaluator.RESPONSE_TIME: Fraction(85, 100),
    Evaluator.GUARDRAIL_PASS: Fraction(1),
}


def scored(evaluator: Evaluator, *values: Fraction | int | None) -> list[Scored]:
    return [
        Scored(
            Case(f"case-{number}", Kind.SUMMARY, "ACME"),
            evaluator,
            Score(None if value is None else Fraction(value), "so"),
        )
        for number, value in enumerate(values)
    ]


def result(*held: Scored) -> Result:
    return result_of(grades(held, DEFAULTS))


def test_thresholds_are_what_was_agreed() -> None:
    assert thresholds() == DEFAULTS


@pytest.mark.parametrize("evaluator", list(Evaluator))
def test_each_threshold_decides_by_itself(evaluator: Evaluator) -> None:
    others = [one for name in Evaluator if name is not evaluator for one in scored(name, 1, 1)]
    bound = DEFAULTS[evaluator]
    assert result(*others, *scored(evaluator, bound)) is Result.PASSED
    assert result(*others, *scored(evaluator, bound - Fraction(1, 10**9))) is Result.BELOW


def test_a_mean_is_over_what_could_be_determined() -> None:
    (grade,) = grades(scored(Evaluator.WORD_COUNT, *[1] * 19, None), DEFAULTS)
    assert (grade.cases, grade.undetermined, grade.result) == (20, 1, Result.PASSED)
    assert grade.mean == 1


def test_what_nobody_knows_is_neither_passed_nor_failed() -> None:
    assert result(*scored(Evaluator.WORD_COUNT, *[1] * 8, None)) is Result.UNDETERMINED
    assert result(*scored(Evaluator.WORD_COUNT, None, None)) is Result.UNDETERMINED
    assert result() is Result.UNDETERMINED
    below = scored(Evaluator.FACT_ACCURACY, 0)
    assert result(*scored(Evaluator.WORD_COUNT, None), *below) is Result.BELOW


def test_changes_between_two_runs_are_told_by_case_and_evaluator() -> None:
    half = Fraction(1, 2)
    before = {
        ("same", "e"): half, ("worse", "e"): Fraction(1), ("worse", "f"): Fraction(1),
        ("better", "e"): half, ("lost", "e"): Fraction(1), ("found", "e"): None,
        ("bad", "e"): None, ("gone", "e"): Fraction(1),
    }  # fmt: skip
    after = {
        ("same", "e"): half, ("worse", "e"): half, ("worse", "f"): Fraction(1),
        ("better", "e"): Fraction(1), ("lost", "e"): None, ("found", "e"): Fraction(1),
        ("bad", "e"): Fraction(0), ("new", "e"): Fraction(0),
    }  # fmt: skip
    told = compare(before, after)
    assert told.regressed == (
        Change("bad", "e", None, Fraction(0)),
        Change("worse", "e", Fraction(1), half),
    )
    assert told.mended == (
        Change("better", "e", half, Fraction(1)),
        Change("found", "e", None, Fraction(1)),
    )
    assert told.lost == (Change("lost", "e", Fraction(1), None),)
    assert (told.added, told.dropped) == (("new",), ("gone",))


def test_only_what_is_whole_is_stored_and_printed_as_whole() -> None:
    nearly = Fraction(10**9 - 1, 10**9)
    assert (str(stored(nearly)), percent(nearly)) == ("0.999999", "99.9%")
    assert (str(stored(Fraction(1))), percent(Fraction(1))) == ("1.000000", "100.0%")
    assert (stored(None), percent(None)) == (None, "–")
    assert percent(0.993) == "99.3%"
