"""An analysis as the admin's page prints it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from experiments.analysis import Analysis
from experiments.statistics import Comparison, Role, Verdict

LABELS = {
    Verdict.BETTER: "success",
    Verdict.WORSE: "danger",
    Verdict.GUARDRAIL_BROKEN: "danger",
    Verdict.RATIO_BROKEN: "danger",
    Verdict.GUARDRAIL_OPEN: "warning",
    Verdict.NO_DIFFERENCE: "info",
    Verdict.NOT_ENOUGH_DATA: "default",
}
# So many days of exposures, the newest first: more are in the API.
MOST_DAYS = 28
_UNKNOWN = "–"


@dataclass(frozen=True)
class Line:
    """A comparison in words: one row of the page's table."""

    metric: str
    role: str
    variant: str
    control: str
    shown: str
    change: str
    interval: str
    p: str
    standing: str


def lines(analysis: Analysis) -> list[Line]:
    return [_line(one) for one in analysis.assessment.comparisons]


def days(analysis: Analysis) -> Iterator[tuple[object, list[int]]]:
    """New units of each variant by day, the newest first."""
    for day, counts in list(analysis.exposed)[: -MOST_DAYS - 1 : -1]:
        yield day, [counts[key] for key in analysis.variants]


def ratio(analysis: Analysis) -> str:
    """The sample-ratio check in a sentence."""
    found = analysis.assessment.ratio
    told = ", ".join(
        f"{key} {count:,} of {found.expected[key]:,.0f} expected"
        for key, count in found.counts.items()
    )
    state = "broken" if found.is_broken else "as configured"
    return f"Sample ratio {state}: {told} (p {_p(found.p)}, however often one looks)."


def _line(one: Comparison) -> Line:
    interval = one.relative_interval
    goes_by_margin = one.goal.role is Role.GUARDRAIL
    return Line(
        metric=one.goal.metric,
        role=f"{one.goal.role}, margin {one.goal.margin:.1%}" if goes_by_margin else one.goal.role,
        variant=one.variant,
        control=_mean(one.control.count, one.control.mean),
        shown=_mean(one.sample.count, one.sample.mean),
        change=_UNKNOWN if one.relative is None else f"{one.relative:+.1%}",
        interval=_UNKNOWN
        if interval is None or not math.isfinite(interval.low)
        else f"{interval.low:+.1%} to {interval.high:+.1%}",
        p=_p(one.p_adjusted),
        standing=one.standing or "",
    )


def _mean(count: int, mean: float) -> str:
    return f"{mean:.4g} of {count:,}" if count else _UNKNOWN


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"
