"""Do the variants have the units that their configured weights say? If not, something loses units,
and no comparison can be trusted (Fabijan et al., Diagnosing Sample Ratio Mismatch, KDD 2019).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import special

LEVEL = 0.001
# A share that is off by less does no harm worth stopping for, however surely it is off.
LEAST_DEVIATION = 0.005
# How near the weights the alternative stands; of some thousand units, deviations of a percent or
# two are then seen soonest.
CONCENTRATION = 1_000.0


@dataclass(frozen=True)
class RatioCheck:
    """``p``: holds however often one looks. ``p_fixed``: the chi-square test's, for this look
    alone. ``deviation``: the largest difference of a share from its weight."""

    counts: Mapping[str, int]
    expected: Mapping[str, float]
    p: float
    p_fixed: float
    deviation: float

    @property
    def is_broken(self) -> bool:
        return self.p < LEVEL and self.deviation >= LEAST_DEVIATION


def check(days: Sequence[Mapping[str, int]], weights: Mapping[str, float]) -> RatioCheck:
    """``days``: how many units each variant had by the end of each day. Raises ValueError where a
    variant has no weight."""
    total = sum(weights.values())
    shares = {name: weight / total for name, weight in weights.items()}
    last = dict.fromkeys(weights, 0) | (dict(days[-1]) if days else {})
    if unknown := set(last) - set(weights):
        raise ValueError(f"No weight is configured for {', '.join(sorted(unknown))}.")
    names = [name for name in shares if shares[name] > 0]
    always = min((anytime_p([day.get(n, 0) for n in names], [shares[n] for n in names])
                  for day in days), default=1.0)  # fmt: skip
    units = sum(last.values())
    return RatioCheck(
        last,
        {name: share * units for name, share in shares.items()},
        always,
        chi_square_p([last[n] for n in names], [shares[n] for n in names]),
        max((abs(last[n] / units - shares[n]) for n in shares), default=0.0) if units else 0.0,
    )


def chi_square_p(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Pearson's test of counts against given shares, which add up to 1."""
    units = sum(counts)
    if not units or len(counts) < 2:
        return 1.0
    statistic = sum(
        (count - units * share) ** 2 / (units * share)
        for count, share in zip(counts, shares, strict=True)
    )
    return float(special.chdtrc(len(counts) - 1, statistic))


def anytime_p(counts: Sequence[int], shares: Sequence[float]) -> float:
    """1 over the Bayes factor of a Dirichlet around the shares against the shares themselves: a
    sequence whose minimum over all looks is below alpha with a chance of at most alpha (Lindon and
    Malek, Anytime-Valid Inference for Multinomial Count Data, NeurIPS 2022, eq. 8)."""
    units = sum(counts)
    if not units or len(counts) < 2:
        return 1.0
    factor = math.lgamma(CONCENTRATION) - math.lgamma(CONCENTRATION + units)
    for count, share in zip(counts, shares, strict=True):
        prior = CONCENTRATION * share
        factor += math.lgamma(prior + count) - math.lgamma(prior) - count * math.log(share)
    return min(1.0, math.exp(-max(factor, 0.0)))
