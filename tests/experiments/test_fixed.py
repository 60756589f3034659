"""Figures for one look, compared with scipy's and statsmodels' own."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own imports
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.power import TTestIndPower
    from statsmodels.stats.proportion import power_proportions_2indep, proportions_ztest

from experiments.statistics import RatioSums, Sample, planning
from experiments.statistics.cuped import PastSums, adjusted, theta
from experiments.statistics.fixed import once, relative_effect, two_proportions, welch
from experiments.statistics.multiple import benjamini_hochberg, holm
from experiments.statistics.ratio import check, chi_square_p


def sample(values: np.ndarray) -> Sample:
    return Sample.of_sums(len(values), float(values.sum()), float((values**2).sum()))


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(("won", "of", "base", "of_base"), [(230, 1000, 200, 1000), (3, 50, 9, 70)])
def test_two_proportions_as_statsmodels(won: int, of: int, base: int, of_base: int) -> None:
    tested = two_proportions(Sample.of_proportion(of, won), Sample.of_proportion(of_base, base))
    _, p = proportions_ztest([won, base], [of, of_base])
    reach = (
        1.959963984540054
        * (won / of * (1 - won / of) / of + base / of_base * (1 - base / of_base) / of_base) ** 0.5
    )
    assert tested.p == near(p)
    assert tested.effect == near(won / of - base / of_base)
    assert (tested.interval.low, tested.interval.high) == (
        near(tested.effect - reach),
        near(tested.effect + reach),
    )


def test_welch_as_scipy() -> None:
    rng = np.random.default_rng(1)
    one, two = rng.gamma(2, 3, 80), rng.gamma(2, 2.5, 55)
    expected = stats.ttest_ind(one, two, equal_var=False)
    told = expected.confidence_interval(0.95)
    tested = welch(sample(one), sample(two))
    assert (tested.p, tested.effect) == (near(expected.pvalue), near(one.mean() - two.mean()))
    assert (tested.interval.low, tested.interval.high) == (near(told.low), near(told.high))


def test_the_test_that_fits_is_chosen() -> None:
    binary = (Sample.of_proportion(100, 30), Sample.of_proportion(90, 40))
    assert once(*binary) == two_proportions(*binary)
    shares = (Sample(100, 0.3, 0.02), Sample(90, 0.4, 0.02))
    assert once(*shares) == welch(*shares)
    assert once(Sample(1, 0.0, 0.0), shares[0]) is None


def test_nothing_varies() -> None:
    assert welch(Sample(5, 1.0, 0.0), Sample(5, 1.0, 0.0)).p == 1.0
    assert welch(Sample(5, 2.0, 0.0), Sample(5, 1.0, 0.0)).p == 0.0
    with pytest.raises(ValueError, match="Each group needs 2 units or more; these have 1 and 5"):
        welch(Sample(1, 2.0, 0.0), Sample(5, 1.0, 0.0))


def test_relative_effect_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(600):
        tested = relative_effect(sample(rng.gamma(2, 2.2, 400)), sample(rng.gamma(2, 2.0, 400)))
        assert tested is not None
        covered += 0.1 in tested.interval
    assert 0.93 <= covered / 600 <= 0.97
    assert relative_effect(Sample(10, 1.0, 1.0), Sample(10, 0.0, 1.0)) is None


def test_a_ratio_varies_as_its_bootstrap_does() -> None:
    rng = np.random.default_rng(3)
    y = rng.poisson(4, 600) + 1.0
    x = rng.binomial(y.astype(int), 0.3).astype(float)
    found = RatioSums(
        600, float(x.sum()), float(y.sum()), float((x * x).sum()), float((y * y).sum()),
        float((x * y).sum()),
    ).sample()  # fmt: skip
    picks = rng.integers(0, 600, (3000, 600))
    again = x[picks].sum(axis=1) / y[picks].sum(axis=1)
    assert found.mean == near(x.sum() / y.sum())
    assert found.mean_variance**0.5 == pytest.approx(again.std(), rel=0.06)
    assert RatioSums(1, 1, 1, 1, 1, 1).sample() == Sample(1, 0.0, 0.0)


@pytest.mark.parametrize("ratio", [1.0, 0.5, 2.0])
def test_power_as_statsmodels(ratio: float) -> None:
    assert planning.power_for_means(2.0, 0.5, 150, 0.05, ratio) == near(
        TTestIndPower().power(0.25, 150, 0.05, ratio=ratio)
    )
    told = power_proportions_2indep(0.03, 0.2, 800 * ratio, ratio=1 / ratio, return_results=False)
    # Theirs counts the rejections in the wrong direction too.
    assert planning.power_for_proportions(0.2, 0.03, 800, 0.05, ratio) == pytest.approx(
        told, abs=3e-3
    )


def test_planned_samples_have_the_power_they_were_planned_for() -> None:
    units = planning.sample_for_means(2.0, 0.5)
    assert units == pytest.approx(TTestIndPower().solve_power(0.25, power=0.8, alpha=0.05), abs=1)
    assert planning.power_for_means(2.0, 0.5, units) >= 0.8
    assert planning.power_for_means(2.0, 0.5, units - 1) < 0.8
    units = planning.sample_for_proportions(0.2, 0.02)
    assert planning.power_for_proportions(0.2, 0.02, units) >= 0.8
    assert planning.power_for_proportions(0.2, 0.02, units - 1) < 0.8
    assert planning.detectable_proportion(0.2, units) == pytest.approx(0.02, rel=1e-3)
    assert planning.detectable_mean(2.0, planning.sample_for_means(2.0, 0.5)) == pytest.approx(
        0.5, rel=5e-3
    )


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: planning.sample_for_means(1, 0), "An effect of 0 can't be shown"),
        (lambda: planning.sample_for_means(0, 1), "deviation is 0; it must be above 0"),
        (lambda: planning.sample_for_means(1, 1, power=1.5), "The power is 1.5"),
        (lambda: planning.sample_for_means(1, 1e-9), "more than 1,000,000,000 units"),
        (lambda: planning.sample_for_proportions(0.9, 0.2), "A proportion is between 0 and 1"),
        (lambda: planning.detectable_proportion(0.5, 1), "No effect could be seen with so few"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(asked: object, told: str) -> None:
    with pytest.raises(planning.Unplannable, match=told):
        asked()  # type: ignore[operator]


def test_adjusted_p_values_as_statsmodels() -> None:
    p_values = [0.04, 0.001, 0.03, 0.5, 0.012, 0.001]
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])
    assert benjamini_hochberg(p_values) == pytest.approx(
        multipletests(p_values, method="fdr_bh")[1]
    )
    assert (holm([]), benjamini_hochberg([0.2])) == ([], [0.2])


def test_chi_square_as_scipy_against_configured_weights() -> None:
    weights = {"a": 2.0, "b": 1.0, "c": 1.0}
    found = check([{"a": 1050, "b": 480, "c": 470}], weights)
    expected = stats.chisquare([1050, 480, 470], [1000, 500, 500])
    assert found.p_fixed == near(expected.pvalue)
    assert found.expected == {"a": 1000, "b": 500, "c": 500}
    assert found.deviation == near(0.025)
    assert not found.is_broken
    assert chi_square_p([0, 0], [0.5, 0.5]) == 1.0
    with pytest.raises(ValueError, match="No weight is configured for d"):
        check([{"d": 3}], weights)


def past_sums(y: np.ndarray, x: np.ndarray, known: np.ndarray) -> PastSums:
    xs, ys = x[known], y[known]
    return PastSums(
        len(y), float(y.sum()), float((y**2).sum()), len(xs), float(xs.sum()),
        float((xs**2).sum()), float((xs * ys).sum()), float(ys.sum()),
    )  # fmt: skip


def test_cuped_takes_the_past_out_and_leaves_the_effect() -> None:
    rng = np.random.default_rng(4)
    plain, better, truth = [], [], 0.3
    for _ in range(300):
        sums = {}
        for name, effect in (("control", 0.0), ("new", truth)):
            x = rng.normal(5, 2, 300)
            y = x + effect + rng.normal(0, 1, 300)
            sums[name] = past_sums(y, x, rng.random(300) < 0.8)
        without = adjusted(sums)
        plain.append(sums["new"].sample().mean - sums["control"].sample().mean)
        better.append(without["new"].mean - without["control"].mean)
    assert np.mean(better) == pytest.approx(truth, abs=0.03)
    assert np.std(better) < 0.65 * np.std(plain)
    predicted = (without["new"].mean_variance + without["control"].mean_variance) ** 0.5
    assert np.std(better) == pytest.approx(predicted, rel=0.15)


def test_cuped_without_a_past_changes_nothing() -> None:
    y = np.arange(100.0)
    sums = past_sums(y, y, np.zeros(100, dtype=bool))
    assert adjusted({"a": sums, "b": sums})["a"] == sums.sample()
    assert theta({"a": sums}) == 0.0
    flat = past_sums(y, np.full(100, 3.0), np.ones(100, dtype=bool))
    assert adjusted({"a": flat, "b": flat})["a"] == flat.sample()
