"""A test's verdict from its rows.

What the planned look decides it decides once: of a running test only whole days count. Harm and lost
units may be seen at any moment, so guardrails and the sample ratio go to this minute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.utils import timezone

from experiments.analysis.sums import exposed_by_day, samples_by_day
from experiments.models import ABTest, Goal, Metric, Phase
from experiments.statistics import Assessment, Design, Measured, Role, Sample, assess
from experiments.statistics import Goal as PureGoal


class Unstarted(Exception):
    """The test has no phase: nobody was ever exposed."""


@dataclass(frozen=True)
class Analysis:
    """``exposed``: new units a day and variant."""

    test: ABTest
    phase: Phase
    exposed: Sequence[tuple[date, Mapping[str, int]]]
    assessment: Assessment

    @property
    def variants(self) -> list[str]:
        """Keys, the control first."""
        return list(self.assessment.ratio.expected)


def analyse(test: ABTest, phase: Phase | None = None) -> Analysis:
    """Of a phase, the newest by default. Raises Unstarted."""
    shown = phase or test.phases.order_by("-number").first()
    if shown is None:
        raise Unstarted(f"{test} was never started: there is nothing to analyse yet.")
    exposed = exposed_by_day(shown)
    goals = list(test.goals.select_related("metric"))
    measured = [Measured(_pure(goal), _days(shown, goal)) for goal in goals]
    return Analysis(
        test, shown, exposed, assess(design_of(test, shown), _so_far(exposed), measured)
    )


def design_of(test: ABTest, phase: Phase) -> Design:
    control, weights = test.variants.get(is_control=True).key, phase.weights
    return Design(
        control,
        {control: weights[control], **weights},
        test.planned_units,
        float(test.alpha),
        float(test.minimal_effect),
    )


def _days(phase: Phase, goal: Goal) -> Sequence[tuple[date, Mapping[str, Sample]]]:
    is_over = phase.ended_at is not None
    anytime = is_over or goal.role == Goal.Role.GUARDRAIL
    return samples_by_day(phase, goal.metric, before=None if anytime else timezone.localdate())


def _pure(goal: Goal) -> PureGoal:
    return PureGoal(
        goal.metric.key,
        Role(goal.role),
        goal.metric.higher_is_better,
        float(goal.margin or 0),
        goal.metric.kind == Metric.Kind.PROPORTION,
    )


def _so_far(
    exposed: Sequence[tuple[date, Mapping[str, int]]],
) -> list[tuple[date, dict[str, int]]]:
    totals = accumulate(
        (dict(counts) for _, counts in exposed),
        lambda so_far, now: {key: so_far[key] + now[key] for key in so_far},
    )
    return [(day, total) for (day, _), total in zip(exposed, totals, strict=True)]
