"""How far a variant is from the control: an estimate with its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass

from experiments.statistics.samples import Sample


@dataclass(frozen=True)
class Contrast:
    """``per_unit``: units of information, n1 n2 / (n1 + n2); what a plan is compared with."""

    effect: float
    error: float
    per_unit: float

    @property
    def z(self) -> float:
        """0 where nothing varies and nothing differs."""
        if self.error > 0:
            return self.effect / self.error
        return math.copysign(math.inf, self.effect) if self.effect else 0.0


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def is_empty(self) -> bool:
        return self.low > self.high

    def meet(self, other: Interval) -> Interval:
        return Interval(max(self.low, other.low), min(self.high, other.high))


EVERYTHING = Interval(-math.inf, math.inf)


def around(contrast: Contrast, errors: float) -> Interval:
    """So many standard errors to each side."""
    reach = errors * contrast.error if contrast.error > 0 else 0.0
    if math.isinf(errors):
        return EVERYTHING
    return Interval(contrast.effect - reach, contrast.effect + reach)


def effective(first: int, second: int) -> float:
    """Units of information that two groups of this size give."""
    return first * second / (first + second) if first and second else 0.0


def difference(variant: Sample, control: Sample, factor: float = 1.0) -> Contrast:
    """Of the means: variant less ``factor`` times control, which is how a margin is given."""
    variance = variant.mean_variance + factor * factor * control.mean_variance
    return Contrast(
        variant.mean - factor * control.mean,
        math.sqrt(variance) if math.isfinite(variance) else math.inf,
        effective(variant.count, control.count),
    )


def relative(variant: Sample, control: Sample) -> Contrast | None:
    """Variant over control less 1; None where the control's mean is 0.

    Delta method for a quotient of independent means: Var = v/m0² + m²v0/m0⁴ (Deng, Knoblich and
    Lu 2018, section 2.2).
    """
    if control.mean == 0 or not variant.count or not control.count:
        return None
    base = control.mean
    variance = variant.mean_variance / base**2 + variant.mean**2 * control.mean_variance / base**4
    return Contrast(
        variant.mean / base - 1, math.sqrt(variance), effective(variant.count, control.count)
    )
