"""What is known of one variant's units: how many, their mean, how they vary.

The unit that was assigned (a user, a firm, a stock) is the unit of analysis, whatever number of
outcomes it had: outcomes of one unit are not independent of each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """``variance``: of one unit, unbiased (n - 1); 0 where fewer than two are known."""

    count: int
    mean: float
    variance: float

    @classmethod
    def of_sums(cls, count: int, total: float, squares: float) -> Sample:
        """From the sum of the units' values and the sum of their squares."""
        if count == 0:
            return cls(0, 0.0, 0.0)
        mean = total / count
        spread = max(squares - count * mean * mean, 0.0)
        return cls(count, mean, spread / (count - 1) if count > 1 else 0.0)

    @classmethod
    def of_proportion(cls, count: int, successes: float) -> Sample:
        """Of units that are 0 or 1 each."""
        return cls.of_sums(count, successes, successes)

    @property
    def mean_variance(self) -> float:
        """Of the mean."""
        return self.variance / self.count if self.count else math.inf


@dataclass(frozen=True)
class RatioSums:
    """Sums over units of x (what is counted) and y (what it is counted by), for a ratio metric."""

    count: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float

    def sample(self) -> Sample:
        """The ratio of sums with the variance of a unit's influence on it.

        Delta method: Var(R) = (s_xx - 2 R s_xy + R² s_yy) / (n ȳ²) (Deng, Knoblich and Lu, Applying
        the Delta Method in Metric Analytics, KDD 2018, eq. 4).
        """
        if self.count < 2 or self.y == 0:
            return Sample(self.count, 0.0, 0.0)
        n, ratio = self.count, self.x / self.y
        mean_x, mean_y = self.x / n, self.y / n
        s_xx = (self.xx - n * mean_x * mean_x) / (n - 1)
        s_yy = (self.yy - n * mean_y * mean_y) / (n - 1)
        s_xy = (self.xy - n * mean_x * mean_y) / (n - 1)
        spread = s_xx - 2 * ratio * s_xy + ratio * ratio * s_yy
        return Sample(n, ratio, max(spread, 0.0) / (mean_y * mean_y))
