"""Tests for one look, at a sample size set beforehand. Looking more than once breaks their level:
what is watched goes by experiments.statistics.sequences.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from experiments.statistics.contrasts import Interval, around, difference, relative
from experiments.statistics.samples import Sample


@dataclass(frozen=True)
class Tested:
    effect: float
    interval: Interval
    p: float


def two_proportions(variant: Sample, control: Sample, alpha: float = 0.05) -> Tested:
    """The z test of two proportions: p with the pooled variance, the interval with each its own.

    Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., 3.1 and 3.4
    (without correction for continuity). Raises ValueError where a group is empty.
    """
    _check(variant, control, least=1)
    n1, n2 = variant.count, control.count
    p1, p2 = variant.mean, control.mean
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = (p1 - p2) / error if error else 0.0
    own = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    reach = normal_quantile(1 - alpha / 2) * own
    return Tested(p1 - p2, Interval(p1 - p2 - reach, p1 - p2 + reach), two_sided(z))


def welch(variant: Sample, control: Sample, alpha: float = 0.05) -> Tested:
    """The t test of two means with variances of their own.

    Welch 1947; degrees of freedom by Satterthwaite. Raises ValueError where a group has fewer
    than two units.
    """
    _check(variant, control, least=2)
    contrast = difference(variant, control)
    if contrast.error == 0:
        same = Interval(contrast.effect, contrast.effect)
        return Tested(contrast.effect, same, 1.0 if contrast.effect == 0 else 0.0)
    degrees = freedom(variant, control)
    p = 2 * float(special.stdtr(degrees, -abs(contrast.z)))
    return Tested(contrast.effect, around(contrast, t_quantile(1 - alpha / 2, degrees)), p)


def relative_effect(variant: Sample, control: Sample, alpha: float = 0.05) -> Tested | None:
    """Variant over control less 1, by the delta method; None where the control's mean is 0."""
    contrast = relative(variant, control)
    if contrast is None:
        return None
    return Tested(
        contrast.effect,
        around(contrast, normal_quantile(1 - alpha / 2)),
        two_sided(contrast.z),
    )


def once(variant: Sample, control: Sample, alpha: float = 0.05) -> Tested | None:
    """The test that fits: of proportions where every unit is 0 or 1, else Welch's. None where there
    are too few units for either."""
    if min(variant.count, control.count) < 2:
        return None
    fits = _is_binary(variant) and _is_binary(control)
    return (two_proportions if fits else welch)(variant, control, alpha)


def freedom(variant: Sample, control: Sample) -> float:
    """Satterthwaite's degrees of freedom; infinite where nothing varies."""
    one, two = variant.mean_variance, control.mean_variance
    below = one**2 / (variant.count - 1) + two**2 / (control.count - 1)
    return (one + two) ** 2 / below if below else math.inf


def two_sided(z: float) -> float:
    return 2 * float(special.ndtr(-abs(z)))


def normal_quantile(probability: float) -> float:
    return float(special.ndtri(probability))


def t_quantile(probability: float, degrees: float) -> float:
    if math.isinf(degrees):
        return normal_quantile(probability)
    return float(special.stdtrit(degrees, probability))


def _is_binary(sample: Sample) -> bool:
    """By its variance, which units that lie between 0 and 1 fall short of."""
    spread = sample.mean * (1 - sample.mean) * sample.count / (sample.count - 1)
    return 0 <= sample.mean <= 1 and math.isclose(sample.variance, spread, abs_tol=1e-12)


def _check(variant: Sample, control: Sample, *, least: int) -> None:
    if min(variant.count, control.count) < least:
        raise ValueError(
            f"Each group needs {least} units or more; these have {variant.count} and "
            f"{control.count}. Wait for more exposures."
        )
