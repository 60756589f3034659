"""Each variant beside the control, metric by metric, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from experiments.statistics.contrasts import EVERYTHING, Contrast, Interval, difference, relative
from experiments.statistics.fixed import freedom, once
from experiments.statistics.multiple import benjamini_hochberg, holm
from experiments.statistics.samples import Sample
from experiments.statistics.sequences import (
    LEAST_UNITS,
    PLANNED_SHARE,
    Observed,
    Plan,
    Point,
    sequence,
)
from experiments.statistics.values import (
    Comparison,
    Design,
    Goal,
    Measured,
    Role,
    Standing,
)

# Of a proportion: so many successes and failures in each group, or it is not near enough to normal.
LEAST_EVENTS = 5

_NOBODY = Sample(0, 0.0, 0.0)


def compare(design: Design, measured: Sequence[Measured]) -> tuple[Comparison, ...]:
    """All comparisons, their p values adjusted: Holm for the primary metric's variants, Benjamini
    and Hochberg for all that is secondary."""
    found = [
        _against_control(design, one, variant) for one in measured for variant in design.variants
    ]
    adjust = {Role.PRIMARY: holm, Role.SECONDARY: benjamini_hochberg, Role.GUARDRAIL: holm}
    adjusted: dict[int, float] = {}
    for role, way in adjust.items():
        places = [n for n, one in enumerate(found) if one.goal.role is role]
        adjusted |= dict(zip(places, way([found[n].p for n in places]), strict=True))
    return tuple(replace(one, p_adjusted=adjusted[n]) for n, one in enumerate(found))


def _against_control(design: Design, measured: Measured, variant: str) -> Comparison:
    goal, control = measured.goal, design.control
    is_guardrail = goal.role is Role.GUARDRAIL
    plan = _plan(design, goal)
    plain = sequence(_observed(measured, variant, control, difference), plan)
    points = _held_to_margin(measured, variant, control, plan) if is_guardrail else plain
    last, base = measured.last.get(variant, _NOBODY), measured.last.get(control, _NOBODY)
    beside = relative(last, base)
    now = points[-1] if points else None
    return Comparison(
        goal=goal,
        variant=variant,
        sample=last,
        control=base,
        effect=last.mean - base.mean,
        interval=plain[-1].interval if plain else EVERYTHING,
        p=now.p if now else 1.0,
        p_adjusted=1.0,
        p_fixed=looked.p if (looked := once(last, base)) else None,
        relative=beside.effect if beside else None,
        relative_interval=_relative_interval(beside, plain, last, base),
        points=tuple(points),
        has_planned=bool(now and now.has_planned),
        standing=_standing(now) if is_guardrail else None,
    )


def _plan(design: Design, goal: Goal) -> Plan:
    """The primary metric's level is shared by the variants, so that their intervals hold together.
    Guardrails share theirs likewise and favour no day: harm is to be seen early."""
    if goal.role is Role.SECONDARY:
        return Plan(design.alpha, design.planned_units)
    level = design.alpha / max(1, len(design.variants))
    share = 0.0 if goal.role is Role.GUARDRAIL else PLANNED_SHARE
    return Plan(level, design.planned_units, share)


def _held_to_margin(measured: Measured, variant: str, control: str, plan: Plan) -> list[Point]:
    """Non-inferiority: how far the variant is on the right side of its margin."""
    goal, mean = measured.goal, measured.last.get(control, _NOBODY).mean
    worse = goal.margin if mean >= 0 else -goal.margin
    if goal.higher_is_better:
        return sequence(
            _observed(
                measured, variant, control, lambda one, base: difference(one, base, 1 - worse)
            ),
            plan,
        )

    def room(one: Sample, base: Sample) -> Contrast:
        beyond = difference(one, base, 1 + worse)
        return replace(beyond, effect=-beyond.effect)

    return sequence(_observed(measured, variant, control, room), plan)


def _observed(
    measured: Measured,
    variant: str,
    control: str,
    contrast_of: Callable[[Sample, Sample], Contrast],
) -> Iterator[Observed]:
    for day, now in measured.days:
        one, base = now.get(variant, _NOBODY), now.get(control, _NOBODY)
        contrast = contrast_of(one, base)
        is_enough = _is_enough(measured.goal, one, base) and contrast.error > 0
        degrees = freedom(one, base) if is_enough else 0.0
        yield Observed(day, contrast, min(one.count, base.count), degrees, is_enough)


def _is_enough(goal: Goal, *samples: Sample) -> bool:
    if min(one.count for one in samples) < LEAST_UNITS:
        return False
    if not goal.is_proportion:
        return True
    return all(min(one.mean, 1 - one.mean) * one.count >= LEAST_EVENTS for one in samples)


def _standing(now: Point | None) -> Standing:
    if now is None or 0.0 in now.interval:
        return Standing.OPEN
    return Standing.HELD if now.interval.low > 0 else Standing.BROKEN


def _relative_interval(
    beside: Contrast | None, points: Sequence[Point], last: Sample, base: Sample
) -> Interval | None:
    """As many standard errors to each side as the day's interval has."""
    error = difference(last, base).error
    if beside is None or not points or error <= 0:
        return None
    interval = points[-1].interval
    low = (points[-1].effect - interval.low) / error
    high = (interval.high - points[-1].effect) / error
    return Interval(beside.effect - low * beside.error, beside.effect + high * beside.error)
