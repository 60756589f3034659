"""Do the verdicts err as rarely and find as much as they say, and does writing keep up?

A/A tests are peeked at on each of sixty days, the planned sample lying in the middle; an error is a
day on which the interval lacks 0 or the verdict names a winner. Rates and spreads vary from test to
test. The fixed-horizon test's error under the same peeking stands beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bench.figures import figure
from bench.scratch import scratch
from experiments.statistics import Assessment, Design, Goal, Measured, Role, Sample, assess
from experiments.statistics.fixed import two_proportions, welch
from experiments.statistics.planning import sample_for_means, sample_for_proportions
from experiments.statistics.ratio import LEVEL, check

SEED = 20261122
AA_TESTS, POWER_TESTS, RATIO_TESTS = 2_000, 1_000, 500
DAYS = 60
ALPHA, POWER = 0.05, 0.8
BASES, LIFTS = (0.05, 0.2, 0.5), (0.05, 0.1, 0.2)
FIRST = date(2026, 1, 1)
EVEN = {"control": 1.0, "new": 1.0}
EXPOSURES = 20_000
WANTED_A_SECOND = 2_000

_Days = list[tuple[date, dict[str, Sample]]]


@dataclass(frozen=True)
class Kind:
    """A metric with its effect: a proportion, or a skewed mean such as a cost."""

    base: float
    lift: float
    is_proportion: bool

    @property
    def units(self) -> int:
        """Of each group, as a fixed-horizon test would be planned."""
        effect = self.base * self.lift
        if self.is_proportion:
            return sample_for_proportions(self.base, effect, ALPHA, POWER)
        return sample_for_means(self.base, effect, ALPHA, POWER)

    @property
    def goal(self) -> Goal:
        return Goal("metric", Role.PRIMARY, is_proportion=self.is_proportion)


KINDS = [Kind(base, lift, is_proportion=True) for base in BASES for lift in LIFTS if base > 0.1]
KINDS += [Kind(0.05, 0.2, is_proportion=True)]
KINDS += [Kind(10.0, lift, is_proportion=False) for lift in LIFTS]


def main() -> None:
    rng = np.random.default_rng(SEED)
    errors, fixed = false_positives(rng)
    figure("statistics", "aa_false_positive_rate", errors, "share", ALPHA)
    figure("statistics", "aa_false_positive_rate_fixed", fixed, "share", ALPHA)
    ours, oracle = power(rng)
    figure("statistics", "power_vs_oracle", ours / oracle, "ratio", 0.7)
    watched, at_the_end = sample_ratio(rng)
    figure("statistics", "srm_detection", watched, "share", at_the_end)
    figure("statistics", "srm_false_positive_rate", ratio_errors(rng), "share", LEVEL)
    with scratch(FA_LOG_LEVEL="WARNING"):
        figure("statistics", "exposures_per_second", exposures(), "1/s", WANTED_A_SECOND)


def false_positives(rng: np.random.Generator) -> tuple[float, float]:
    """Shares of A/A tests in which any day errs: ours, and the fixed-horizon test's."""
    ours = fixed = 0
    for number in range(AA_TESTS):
        kind = KINDS[number % len(KINDS)]
        days = _days(rng, kind, lift=0.0, until=2 * kind.units)
        told = _assessed(kind, days)
        seen = told.comparisons[0]
        ours += told.winner is not None or any(0.0 not in one.interval for one in seen.points)
        fixed += any(_fixed_p(kind, now) < ALPHA for _, now in days)
    return ours / AA_TESTS, fixed / AA_TESTS


def power(rng: np.random.Generator) -> tuple[float, float]:
    """Shares of true effects found by the day of the planned sample: ours, and those that a test
    finds which looks on that day alone."""
    ours = oracle = 0
    for number in range(POWER_TESTS):
        kind = KINDS[number % len(KINDS)]
        days = _days(rng, kind, lift=kind.lift, until=kind.units)
        ours += _assessed(kind, days).winner is not None
        last = days[-1][1]
        oracle += _fixed_p(kind, last) < ALPHA and last["new"].mean > last["control"].mean
    return ours / POWER_TESTS, oracle / POWER_TESTS


def sample_ratio(rng: np.random.Generator) -> tuple[float, float]:
    """Share of tests that lose 2 to 10 % of one variant's units and are found out within thirty
    days of a thousand units, watched daily; and what one chi-square test at the end finds."""
    found = at_the_end = 0
    for number in range(RATIO_TESTS):
        days = list(_exposed(rng, lost=0.02 + 0.08 * number / RATIO_TESTS))
        told = check(days, EVEN)
        found += told.is_broken
        at_the_end += told.p_fixed < LEVEL
    return found / RATIO_TESTS, at_the_end / RATIO_TESTS


def ratio_errors(rng: np.random.Generator) -> float:
    """Share of sound tests that are ever said to lose units."""
    checks = (check(list(_exposed(rng, lost=0.0)), EVEN) for _ in range(AA_TESTS))
    return sum(one.p < LEVEL for one in checks) / AA_TESTS


def exposures() -> float:
    """A second, from the first call of the door until the last row is committed."""
    from datetime import UTC, datetime
    from decimal import Decimal

    import experiments
    from experiments import actions
    from experiments.models import ABTest, Exposure, Goal, Metric, Variant

    metric = Metric.objects.create(key="useful", name="Useful", kind="proportion")
    test = ABTest.objects.create(
        key="tone", hypothesis="bench", unit="user", planned_units=1_000,
        minimal_effect=Decimal("0.1"),
    )  # fmt: skip
    for key in ("control", "warm"):
        Variant.objects.create(test=test, key=key, is_control=key == "control")
    Goal.objects.create(test=test, metric=metric, role="primary")
    actions.start(test=test)
    start, until = time.perf_counter(), datetime.now(UTC) + timedelta(seconds=60)
    for number in range(EXPOSURES):
        experiments.expose(experiments.variant_of("tone", experiments.Subject(user=number)))
    while (rows := Exposure.objects.count()) < EXPOSURES and datetime.now(UTC) < until:
        time.sleep(0.02)
    return rows / (time.perf_counter() - start)


def _days(rng: np.random.Generator, kind: Kind, *, lift: float, until: int) -> _Days:
    """So many units of each group, evenly over the days; of a mean each unit's is exponential."""
    counts = np.linspace(until / DAYS, until, DAYS).round().astype(int)
    counts[-1] = until
    now = {"control": kind.base, "new": kind.base * (1 + lift)}
    made = {name: _sums(rng, kind, mean, counts) for name, mean in now.items()}
    return [
        (
            FIRST + timedelta(days=day),
            {
                name: Sample.of_sums(int(counts[day]), float(total[day]), float(squares[day]))
                for name, (total, squares) in made.items()
            },
        )
        for day in range(DAYS)
    ]


def _sums(
    rng: np.random.Generator, kind: Kind, mean: float, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if kind.is_proportion:
        total = rng.binomial(np.diff(counts, prepend=0), mean).cumsum()
        return total, total
    values = rng.exponential(mean, counts[-1])
    return values.cumsum()[counts - 1], (values**2).cumsum()[counts - 1]


def _assessed(kind: Kind, days: _Days) -> Assessment:
    counts = [(day, {name: one.count for name, one in now.items()}) for day, now in days]
    design = Design("control", EVEN, kind.units, ALPHA)
    return assess(design, counts, [Measured(kind.goal, days)])


def _fixed_p(kind: Kind, now: dict[str, Sample]) -> float:
    compare = two_proportions if kind.is_proportion else welch
    return compare(now["new"], now["control"]).p


def _exposed(rng: np.random.Generator, *, lost: float) -> Iterator[dict[str, int]]:
    control = new = 0
    for _ in range(30):
        first = int(rng.binomial(1_000, 0.5))
        control, new = control + first, new + int(rng.binomial(1_000 - first, 1 - lost))
        yield {"control": control, "new": new}


if __name__ == "__main__":
    main()
