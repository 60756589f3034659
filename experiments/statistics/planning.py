"""Before the start: how many units, what power, which effect could be seen at all.

``ratio`` is the variant's units for each of the control's. All tests are two-sided. Plan with the
level that the planned look is given (``sequences.at_the_plan(alpha)``), not with alpha itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import optimize, special, stats

MOST_UNITS = 1e9


class Unplannable(ValueError):
    """No sample of a size that exists would do; the message says what to change."""


def power_for_proportions(
    base: float, effect: float, units: float, alpha: float = 0.05, ratio: float = 1.0
) -> float:
    """Of the z test, for ``units`` in the control group and an absolute ``effect`` on ``base``.

    Normal approximation, pooled variance under no effect, each group's own under the effect
    (Fleiss, Levin and Paik, 4.2). Only the rejections in the effect's direction count.
    """
    other = base + effect
    _check_proportions(base, other)
    pooled = (base + ratio * other) / (1 + ratio)
    null = math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    alternative = math.sqrt(base * (1 - base) + other * (1 - other) / ratio)
    if alternative == 0:
        return 1.0
    critical = float(special.ndtri(1 - alpha / 2))
    return float(special.ndtr((abs(effect) * math.sqrt(units) - critical * null) / alternative))


def power_for_means(
    deviation: float, effect: float, units: float, alpha: float = 0.05, ratio: float = 1.0
) -> float:
    """Of the t test with a common standard ``deviation``: by the noncentral t distribution
    (Cohen, Statistical Power Analysis, 2nd ed., 2.2)."""
    if deviation <= 0:
        raise Unplannable(f"The standard deviation is {deviation}; it must be above 0.")
    degrees = units * (1 + ratio) - 2
    if degrees <= 0:
        return 0.0
    shift = effect / deviation * math.sqrt(units * ratio / (1 + ratio))
    critical = float(stats.t.ppf(1 - alpha / 2, degrees))
    upper = float(stats.nct.sf(critical, degrees, abs(shift)))
    lower = float(stats.nct.cdf(-critical, degrees, abs(shift)))
    return upper + (0.0 if math.isnan(lower) else lower)


def sample_for_proportions(
    base: float, effect: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0
) -> int:
    """Units of the control group. Raises Unplannable."""
    return _least(lambda n: power_for_proportions(base, effect, n, alpha, ratio), effect, power)


def sample_for_means(
    deviation: float, effect: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0
) -> int:
    """Units of the control group. Raises Unplannable."""
    return _least(lambda n: power_for_means(deviation, effect, n, alpha, ratio), effect, power)


def detectable_proportion(
    base: float, units: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0
) -> float:
    """The smallest rise of a proportion that this many units show with this power."""
    room = (1 - base) * (1 - 1e-9)
    return _smallest(lambda d: power_for_proportions(base, d, units, alpha, ratio), room, power)


def detectable_mean(
    deviation: float, units: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0
) -> float:
    """The smallest difference of means that this many units show with this power."""
    room = 100 * deviation
    return _smallest(lambda d: power_for_means(deviation, d, units, alpha, ratio), room, power)


def _least(power_of: Callable[[float], float], effect: float, wanted: float) -> int:
    if effect == 0:
        raise Unplannable("An effect of 0 can't be shown: name the smallest one that matters.")
    _check_power(wanted)
    if power_of(2.0) >= wanted:
        return 2
    if power_of(MOST_UNITS) < wanted:
        raise Unplannable(
            f"An effect of {effect:g} would take more than {MOST_UNITS:,.0f} units: plan a larger one."
        )
    found = optimize.brentq(lambda log: power_of(math.exp(log)) - wanted, math.log(2.0),
                            math.log(MOST_UNITS), xtol=1e-10)  # fmt: skip
    return math.ceil(math.exp(found) - 1e-6)


def _smallest(power_of: Callable[[float], float], room: float, wanted: float) -> float:
    _check_power(wanted)
    if power_of(room) < wanted:
        raise Unplannable("No effect could be seen with so few units: plan more of them.")
    return float(optimize.brentq(lambda effect: power_of(effect) - wanted, room * 1e-9, room))


def _check_power(power: float) -> None:
    if not 0.05 < power < 1:
        raise Unplannable(f"The power is {power}; it must be below 1 and above 0.05, such as 0.8.")


def _check_proportions(*values: float) -> None:
    if not all(0 <= one <= 1 for one in values):
        raise Unplannable(
            f"A proportion is between 0 and 1; the plan speaks of {', '.join(f'{v:g}' for v in values)}."
        )
