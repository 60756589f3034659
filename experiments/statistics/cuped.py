"""CUPED: what a unit was like before the test explains part of how it differs in it.

Deng, Xu, Kohavi and Walker, Improving the Sensitivity of Online Controlled Experiments by Utilizing
Pre-Experiment Data (WSDM 2013): Y - θ(X - mean X), with θ pooled over the variants, so that the
difference of means keeps its expectation and loses the variance that X explains. A unit without a
past is given the mean past, which leaves its value as it is: who has a past was settled before
anyone was assigned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from experiments.statistics.samples import Sample

# Fewer units with a past than this in a variant, and θ is mostly noise.
LEAST_PASTS = 30


@dataclass(frozen=True)
class PastSums:
    """Of one variant: all its units' values y, and of those with a past x their sums."""

    count: int
    y: float
    yy: float
    pasts: int
    x: float
    xx: float
    xy: float
    y_of_pasts: float

    def sample(self) -> Sample:
        return Sample.of_sums(self.count, self.y, self.yy)


def adjusted(variants: Mapping[str, PastSums]) -> dict[str, Sample]:
    """Each variant's sample with the past taken out; as it is where too few have one."""
    plain = {name: sums.sample() for name, sums in variants.items()}
    if min((sums.pasts for sums in variants.values()), default=0) < LEAST_PASTS:
        return plain
    slope = theta(variants)
    pasts = sum(sums.pasts for sums in variants.values())
    mean_past = sum(sums.x for sums in variants.values()) / pasts
    return {name: _without(sums, slope, mean_past) for name, sums in variants.items()}


def theta(variants: Mapping[str, PastSums]) -> float:
    """Cov(Y, X) over Var(X) within variants, all of them together; 0 where no past varies."""
    covariance = sum(
        sums.xy - sums.x * sums.y_of_pasts / sums.pasts for sums in variants.values() if sums.pasts
    )
    variance = sum(sums.xx - sums.x**2 / sums.pasts for sums in variants.values() if sums.pasts)
    return covariance / variance if variance > 1e-12 else 0.0


def _without(sums: PastSums, slope: float, mean_past: float) -> Sample:
    off = sums.x - sums.pasts * mean_past
    off_squared = sums.xx - 2 * mean_past * sums.x + sums.pasts * mean_past**2
    off_y = sums.xy - mean_past * sums.y_of_pasts
    total = sums.y - slope * off
    squares = sums.yy - 2 * slope * off_y + slope**2 * off_squared
    return Sample.of_sums(sums.count, total, squares)
