"""Intervals and p values that stay true however often and whenever one looks.

Invariant: where the true effect is constant, the chance that it ever lies outside an interval of
its sequence, on any day for ever, is at most alpha (asymptotically: see ``LEAST_UNITS``).

The level is split in two. One part goes to a normal-mixture confidence sequence over all days:
with z the estimate in standard errors and r the intrinsic time,

    z² >= (1 + r)/r · (log(1 + r) - 2 log alpha)

(Robbins 1970; as asymptotic confidence sequence in Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
Time-uniform central limit theory and asymptotic confidence sequences, 2021, theorem 2.2, r = n ρ²;
the same as the mixture SPRT of Johari, Koomen, Pekelis and Walsh 2017). r grows with the units of
both groups and is tuned to be tightest at the planned sample (ibid., appendix: ρ by Lambert's W).
The other part is spent on one look, Welch's test on the first day on which every variant has the
planned sample: that day is set by counts, which know nothing of outcomes. By the union bound both
hold together; their intersection over the days so far is what is shown (Howard, Ramdas, McAuliffe
and Sekhon, Time-uniform, nonparametric, nonasymptotic confidence sequences, 2021, section 1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scipy import special

from experiments.statistics.contrasts import (
    EVERYTHING,
    Contrast,
    Interval,
    around,
    effective,
)
from experiments.statistics.fixed import t_quantile

# What of the level the planned look is given: the more, the nearer its power comes to a test that
# looks once, and the wider the intervals of all other days.
PLANNED_SHARE = 0.6
# Means of fewer units in a group are not near enough to normal.
LEAST_UNITS = 30


@dataclass(frozen=True)
class Plan:
    """``units``: planned, of the smallest variant. ``planned_share``: of alpha, for the look at the
    planned sample; 0 where harm is to be seen early and no look is special."""

    alpha: float
    units: int
    planned_share: float = PLANNED_SHARE

    def __post_init__(self) -> None:
        if not (0 < self.alpha < 1 and self.units >= 1 and 0 <= self.planned_share < 1):
            raise ValueError(
                f"A plan needs a level between 0 and 1 and units from 1 on, not {self.alpha} and "
                f"{self.units}."
            )


@dataclass(frozen=True)
class Observed:
    """All that was known at the end of a day. ``least``: units of the smallest group; ``degrees``
    of freedom of Welch's test; ``is_enough``: whether a normal approximation may be made."""

    day: date
    contrast: Contrast
    least: int
    degrees: float
    is_enough: bool


@dataclass(frozen=True)
class Point:
    """``interval`` and ``p`` hold at once for all days; ``has_drifted``: what was seen earlier and
    what is seen now can't both be of one constant effect, so they are the day's own."""

    day: date
    effect: float
    interval: Interval
    p: float
    has_planned: bool
    has_drifted: bool


def at_the_plan(alpha: float, planned_share: float = PLANNED_SHARE) -> float:
    """The level of the look at the planned sample: what power is planned with."""
    return alpha * planned_share


def sequence(days: Iterable[Observed], plan: Plan) -> list[Point]:
    """A point for each day, in order; days before there is enough data hold everything."""
    points: list[Point] = []
    seen, least_p, has_planned = EVERYTHING, 1.0, False
    for day in days:
        is_look = not has_planned and day.least >= plan.units and plan.planned_share > 0
        has_planned = has_planned or day.least >= plan.units
        own, p = _of_one_day(day, plan, is_look=is_look) if day.is_enough else (EVERYTHING, 1.0)
        seen, least_p = seen.meet(own), min(least_p, p)
        has_drifted = seen.is_empty or (day.is_enough and day.contrast.effect not in seen)
        points.append(
            Point(
                day.day,
                day.contrast.effect,
                own if has_drifted else seen,
                p if has_drifted else least_p,
                has_planned,
                has_drifted,
            )
        )
    return points


def mixture_errors(time: float, alpha: float) -> float:
    """Standard errors to each side at intrinsic time r."""
    if time <= 0 or alpha <= 0:
        return math.inf
    return math.sqrt((1 + time) / time * (math.log1p(time) - 2 * math.log(alpha)))


def mixture_p(z: float, time: float) -> float:
    """The smallest alpha whose boundary z passes; 1 over the mixture's likelihood ratio."""
    if time <= 0:
        return 1.0
    if math.isinf(z):
        return 0.0
    return min(1.0, math.sqrt(1 + time) * math.exp(-z * z * time / (2 * (1 + time))))


def tuned(alpha: float) -> float:
    """The intrinsic time at which the mixture of this level is tightest."""
    return float(-special.lambertw(-alpha * alpha / math.e, k=-1).real - 1)


def _of_one_day(day: Observed, plan: Plan, *, is_look: bool) -> tuple[Interval, float]:
    always = plan.alpha * (1 - plan.planned_share)
    planned = effective(plan.units, plan.units)
    time = tuned(always) * day.contrast.per_unit / planned
    interval = around(day.contrast, mixture_errors(time, always))
    p = mixture_p(day.contrast.z, time) / (1 - plan.planned_share)
    if is_look:
        reach = t_quantile(1 - at_the_plan(plan.alpha, plan.planned_share) / 2, day.degrees)
        interval = interval.meet(around(day.contrast, reach))
        p = min(p, _t_p(day) / plan.planned_share)
    return interval, min(p, 1.0)


def _t_p(day: Observed) -> float:
    z = abs(day.contrast.z)
    if math.isinf(day.degrees) or math.isinf(z):
        return 2 * float(special.ndtr(-z))
    return 2 * float(special.stdtr(day.degrees, -z))
