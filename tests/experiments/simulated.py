"""Made-up days of tests: units come at the same pace, by a seed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from experiments.statistics import Assessment, Design, Goal, Measured, Role, Sample, assess

FIRST = date(2026, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def proportions(
    rng: np.random.Generator, rates: dict[str, float], *, units: int, days: int, goal: Goal
) -> Measured:
    """So many units of each variant by the last day."""
    a_day = units // days
    sums = {name: rng.binomial(a_day, rate, days).cumsum() for name, rate in rates.items()}
    return Measured(
        goal,
        [
            (
                day(number),
                {
                    name: Sample.of_proportion(a_day * (number + 1), float(total[number]))
                    for name, total in sums.items()
                },
            )
            for number in range(days)
        ],
    )


def assessed(design: Design, *measured: Measured) -> Assessment:
    exposed = [
        (at, {name: sample.count for name, sample in samples.items()})
        for at, samples in measured[0].days
    ]
    return assess(design, exposed, measured)


PRIMARY = Goal("verified", Role.PRIMARY, is_proportion=True)
