"""The verdict on a test, with its reasons in words.

Invariant: no variant is called better or worse below the planned sample. What may end a test before
it is harm: a guardrail shown to be broken, or units that are lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from experiments.statistics.comparing import compare
from experiments.statistics.ratio import LEVEL, RatioCheck, check
from experiments.statistics.values import (
    Assessment,
    Comparison,
    Design,
    Judged,
    Measured,
    Role,
    Standing,
    Verdict,
)

# Of a whole test: the first of these that any of its variants has.
_FIRST = (
    Verdict.GUARDRAIL_BROKEN, Verdict.BETTER, Verdict.NOT_ENOUGH_DATA, Verdict.GUARDRAIL_OPEN,
    Verdict.NO_DIFFERENCE, Verdict.WORSE,
)  # fmt: skip


def assess(
    design: Design,
    exposed: Sequence[tuple[date, Mapping[str, int]]],
    measured: Sequence[Measured],
) -> Assessment:
    """``exposed``: for each day, the units that each variant had by its end.

    Raises ValueError where there isn't exactly one primary goal.
    """
    _check(design, measured)
    ratio = check([counts for _, counts in exposed], design.weights)
    comparisons = compare(design, measured)
    judged = tuple(_judge(design, variant, comparisons) for variant in design.variants)
    if ratio.is_broken:
        return Assessment(
            Verdict.RATIO_BROKEN, (_of_ratio(ratio),), None, judged, comparisons, ratio
        )
    verdict = next(v for v in _FIRST if any(one.verdict is v for one in judged))
    speaking = [one for one in judged if one.verdict is verdict]
    winner = _best(speaking, comparisons) if verdict is Verdict.BETTER else None
    several = len(design.variants) > 1
    reasons = tuple(
        f"{one.variant}: {reason}" if several else reason
        for one in speaking
        for reason in one.reasons
    )
    return Assessment(verdict, reasons, winner, judged, comparisons, ratio)


def _check(design: Design, measured: Sequence[Measured]) -> None:
    primary = [one for one in measured if one.goal.role is Role.PRIMARY]
    if len(primary) != 1:
        raise ValueError(
            f"A test is decided by one primary metric; this has {len(primary)}. Make the others "
            "secondary or guardrails."
        )
    if design.control not in design.weights or not design.variants:
        raise ValueError("A test needs its control and one other variant at least.")


def _judge(design: Design, variant: str, comparisons: Sequence[Comparison]) -> Judged:
    own = [one for one in comparisons if one.variant == variant]
    guardrails = [one for one in own if one.goal.role is Role.GUARDRAIL]
    (primary,) = [one for one in own if one.goal.role is Role.PRIMARY]
    broken = [one for one in guardrails if one.standing is Standing.BROKEN]
    if broken:
        return Judged(variant, Verdict.GUARDRAIL_BROKEN, tuple(map(_of_broken, broken)))
    if not primary.has_planned:
        return Judged(variant, Verdict.NOT_ENOUGH_DATA, (_of_progress(design, primary),))
    verdict, reason = _of_primary(design, primary)
    still_open = [one for one in guardrails if one.standing is Standing.OPEN]
    if verdict is Verdict.BETTER and still_open:
        return Judged(variant, Verdict.GUARDRAIL_OPEN, (reason, *map(_of_open, still_open)))
    return Judged(variant, verdict, (reason,))


def _of_primary(design: Design, primary: Comparison) -> tuple[Verdict, str]:
    told = f"{primary.goal.metric} {_change(primary)}"
    if not primary.points[-1].interval.low > -float("inf"):
        return Verdict.NOT_ENOUGH_DATA, (
            f"{primary.goal.metric} has too few events, or doesn't vary: nothing can be told yet."
        )
    drifted = (
        " The effect has changed since the planned sample: look at it by day."
        if primary.has_drifted
        else ""
    )
    if primary.p_adjusted > design.alpha:
        return Verdict.NO_DIFFERENCE, f"{told}: it may well be none.{drifted}"
    is_better = (primary.effect > 0) == primary.goal.higher_is_better
    return (Verdict.BETTER if is_better else Verdict.WORSE), f"{told}.{drifted}"


def _of_progress(design: Design, primary: Comparison) -> str:
    least = min(primary.sample.count, primary.control.count)
    return (
        f"{least:,} of {design.planned_units:,} planned units measured in the smallest group "
        f"({primary.goal.metric})."
    )


def _of_broken(one: Comparison) -> str:
    return f"{one.goal.metric} is worse by more than its margin of {one.goal.margin:.1%}: {_change(one)}."


def _of_open(one: Comparison) -> str:
    return (
        f"{one.goal.metric} may be worse by more than its margin of {one.goal.margin:.1%}: "
        f"{_change(one)}. Run on, or decide with a reason."
    )


def _of_ratio(ratio: RatioCheck) -> str:
    counts = ", ".join(
        f"{name} {count:,} (expected {ratio.expected[name]:,.0f})"
        for name, count in ratio.counts.items()
    )
    return (
        f"Units are not shared out as configured: {counts}; p {ratio.p:.1g} is below {LEVEL}. Find "
        "out where exposures are lost before anything is concluded."
    )


def _change(one: Comparison) -> str:
    """+2.1 % (-0.4 % to +4.6 %), or in the metric's own unit where there is nothing to relate to."""
    if one.relative is not None and one.relative_interval is not None:
        low, high = one.relative_interval.low, one.relative_interval.high
        return f"{one.relative:+.1%} ({low:+.1%} to {high:+.1%})"
    return f"{one.effect:+.4g} ({one.interval.low:+.4g} to {one.interval.high:+.4g})"


def _best(speaking: Sequence[Judged], comparisons: Sequence[Comparison]) -> str:
    names = {one.variant for one in speaking}
    primaries = [c for c in comparisons if c.goal.role is Role.PRIMARY and c.variant in names]
    best = max(primaries, key=lambda c: c.effect if c.goal.higher_is_better else -c.effect)
    return best.variant
