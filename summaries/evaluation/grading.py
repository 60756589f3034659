"""From scores to a verdict on a whole run, and what changed since an earlier one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from summaries.evaluation.cases import Case
from summaries.evaluation.scores import Evaluator, Score

# Above this share of cases that can't be determined a mean says nothing of the product.
MOST_UNDETERMINED = Fraction(1, 10)


class Result(StrEnum):
    PASSED = "passed"
    BELOW = "below"  # an evaluator's mean is below its threshold
    UNDETERMINED = "undetermined"  # too few cases could be scored to say so


@dataclass(frozen=True)
class Scored:
    """A case's score by one evaluator."""

    case: Case
    evaluator: Evaluator
    score: Score

    @property
    def key(self) -> tuple[str, str]:
        return self.case.id, self.evaluator.value


@dataclass(frozen=True)
class Grade:
    """The mean over the cases that could be determined; None where none could."""

    evaluator: Evaluator
    mean: Fraction | None
    threshold: Fraction
    cases: int
    undetermined: int

    @property
    def result(self) -> Result:
        if self.mean is None or self.undetermined > MOST_UNDETERMINED * self.cases:
            return Result.UNDETERMINED
        return Result.PASSED if self.mean >= self.threshold else Result.BELOW


def grades(scored: Iterable[Scored], thresholds: Mapping[Evaluator, Fraction]) -> tuple[Grade, ...]:
    """One for each evaluator that had a case, in their order."""
    held = list(scored)
    return tuple(
        _grade(evaluator, [one.score for one in held if one.evaluator is evaluator], threshold)
        for evaluator, threshold in thresholds.items()
        if any(one.evaluator is evaluator for one in held)
    )


def _grade(evaluator: Evaluator, scores: list[Score], threshold: Fraction) -> Grade:
    known = [one.value for one in scores if one.value is not None]
    mean = sum(known, Fraction()) / len(known) if known else None
    return Grade(evaluator, mean, threshold, len(scores), len(scores) - len(known))


def result_of(graded: Iterable[Grade]) -> Result:
    """A mean below its threshold outweighs one that nobody knows; a run of nothing is no pass."""
    results = {one.result for one in graded}
    if Result.BELOW in results:
        return Result.BELOW
    return Result.PASSED if results == {Result.PASSED} else Result.UNDETERMINED


@dataclass(frozen=True)
class Change:
    """A case whose score by an evaluator is another than it was; None where undetermined."""

    case: str
    evaluator: str
    before: Fraction | None
    after: Fraction | None


@dataclass(frozen=True)
class Comparison:
    """``lost``: scored before and undetermined now. ``added`` and ``dropped``: ids of cases that
    only one of the two runs has."""

    regressed: tuple[Change, ...]
    mended: tuple[Change, ...]
    lost: tuple[Change, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


Values = Mapping[tuple[str, str], Fraction | None]


def compare(before: Values, after: Values) -> Comparison:
    """``before``, ``after``: scores by case and evaluator. A case that was undetermined and is
    good now is mended; one that is bad now has only come to light, and counts as regressed."""
    changes = [
        Change(case, evaluator, before[case, evaluator], after[case, evaluator])
        for case, evaluator in sorted(before.keys() & after.keys())
        if before[case, evaluator] != after[case, evaluator]
    ]
    cases_before, cases_after = ({case for case, _ in one} for one in (before, after))
    return Comparison(
        regressed=tuple(one for one in changes if _is_worse(one)),
        mended=tuple(one for one in changes if one.after is not None and not _is_worse(one)),
        lost=tuple(one for one in changes if one.after is None),
        added=tuple(sorted(cases_after - cases_before)),
        dropped=tuple(sorted(cases_before - cases_after)),
    )


def _is_worse(change: Change) -> bool:
    before = Fraction(1) if change.before is None else change.before
    return change.after is not None and change.after < before
