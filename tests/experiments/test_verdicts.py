"""Verdicts under daily peeking, and what each of them says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.statistics import Design, Goal, Measured, Role, Sample, Standing, Verdict, assess
from experiments.statistics.contrasts import Contrast
from experiments.statistics.fixed import two_proportions
from experiments.statistics.planning import sample_for_proportions
from experiments.statistics.ratio import anytime_p, check
from experiments.statistics.sequences import (
    Observed,
    Plan,
    mixture_errors,
    mixture_p,
    sequence,
    tuned,
)
from tests.experiments.simulated import PRIMARY, assessed, day, proportions

DESIGN = Design("control", {"control": 1, "new": 1}, planned_units=1_000)
CALLED = {Verdict.BETTER, Verdict.WORSE}


def two_arms(
    old: float, new: float, *, units: int = 2_000, seed: int = 1, days: int = 20
) -> Measured:
    rng = np.random.default_rng(seed)
    return proportions(rng, {"control": old, "new": new}, units=units, days=days, goal=PRIMARY)


def test_daily_peeking_at_no_effect_rarely_finds_one() -> None:
    """Any day's verdict or interval that errs counts; the fixed test's goes far beyond its level."""
    ever = fixed = 0
    for seed in range(400):
        measured = two_arms(0.3, 0.3, seed=seed)
        points = assessed(DESIGN, measured).comparisons[0].points
        ever += any(0 not in one.interval for one in points)
        fixed += any(
            two_proportions(now["new"], now["control"]).p < 0.05 for _, now in measured.days
        )
    assert ever / 400 <= 0.065
    assert fixed / 400 > 0.12


def test_power_at_the_planned_sample_is_near_that_of_one_look() -> None:
    units = sample_for_proportions(0.3, 0.05)
    design = replace(DESIGN, planned_units=units)
    verdicts = [
        assessed(design, two_arms(0.3, 0.35, units=units + 20, seed=seed)).verdict
        for seed in range(200)
    ]
    assert verdicts.count(Verdict.BETTER) / 200 >= 0.7 * 0.8
    assert set(verdicts) <= {Verdict.BETTER, Verdict.NO_DIFFERENCE, Verdict.NOT_ENOUGH_DATA}


def test_the_mixture_is_tightest_where_it_is_tuned_to() -> None:
    for alpha in (0.01, 0.05):
        best = tuned(alpha)
        reaches = [mixture_errors(best * factor, alpha) for factor in (0.5, 0.9, 1, 1.1, 2)]
        assert min(reaches) == reaches[2]
        assert mixture_p(mixture_errors(best, alpha), best) == pytest.approx(alpha)
    assert mixture_errors(0, 0.05) == float("inf")
    assert (mixture_p(3, 0), mixture_p(float("inf"), 1)) == (1.0, 0.0)


def test_nobody_wins_below_the_planned_sample() -> None:
    enormous = two_arms(0.1, 0.9, units=900)
    told = assessed(DESIGN, enormous)
    assert told.verdict is Verdict.NOT_ENOUGH_DATA
    assert told.reasons == (
        "900 of 1,000 planned units measured in the smallest group (verified).",
    )
    assert told.comparisons[0].p < 1e-6


def test_better_worse_and_no_difference() -> None:
    better = assessed(DESIGN, two_arms(0.3, 0.5))
    assert (better.verdict, better.winner) == (Verdict.BETTER, "new")
    assert better.reasons[0].startswith("verified +6")
    lower = replace(PRIMARY, higher_is_better=False)
    measured = replace(two_arms(0.3, 0.5), goal=lower)
    worse = assessed(DESIGN, measured)
    assert (worse.verdict, worse.winner) == (Verdict.WORSE, None)
    same = assessed(DESIGN, two_arms(0.3, 0.3))
    assert same.verdict is Verdict.NO_DIFFERENCE
    assert same.reasons[0].endswith("it may well be none.")


def test_nothing_measured_yet() -> None:
    told = assess(DESIGN, [], [Measured(PRIMARY, [])])
    assert told.verdict is Verdict.NOT_ENOUGH_DATA
    assert told.reasons == ("0 of 1,000 planned units measured in the smallest group (verified).",)


def test_what_never_varies_says_so() -> None:
    told = assessed(DESIGN, two_arms(0.0, 0.0))
    assert told.verdict is Verdict.NOT_ENOUGH_DATA
    assert "too few events" in told.reasons[0]


@pytest.mark.parametrize(("higher", "rates"), [(True, (0.5, 0.3)), (False, (0.3, 0.5))])
def test_a_guardrail_stops_a_test_early(higher: bool, rates: tuple[float, float]) -> None:
    guard = Goal("useful", Role.GUARDRAIL, higher, margin=0.05, is_proportion=True)
    rng = np.random.default_rng(5)
    harmed = proportions(
        rng, {"control": rates[0], "new": rates[1]}, units=600, days=10, goal=guard
    )
    told = assessed(DESIGN, two_arms(0.3, 0.5, units=600, days=10), harmed)
    assert told.verdict is Verdict.GUARDRAIL_BROKEN
    assert "worse by more than its margin of 5.0%" in told.reasons[0]


def test_a_winner_needs_its_guardrails_shown_to_hold() -> None:
    def with_guardrail(margin: float, units: int) -> Verdict:
        guard = Goal("cost", Role.GUARDRAIL, higher_is_better=False, margin=margin)
        samples = {"control": Sample(units, 10.0, 9.0), "new": Sample(units, 10.0, 9.0)}
        measured = Measured(guard, [(at, samples) for at, _ in two_arms(0.3, 0.5).days])
        told = assessed(DESIGN, two_arms(0.3, 0.5), measured)
        (one,) = told.of("new", Role.GUARDRAIL)
        assert one.standing is (Standing.HELD if told.winner else Standing.OPEN)
        return told.verdict

    assert with_guardrail(0.1, 2_000) is Verdict.BETTER
    assert with_guardrail(0.01, 200) is Verdict.GUARDRAIL_OPEN
    assert with_guardrail(0.0, 2_000) is Verdict.GUARDRAIL_OPEN


def test_several_variants_share_the_level_and_the_best_wins() -> None:
    design = Design("control", {"control": 1, "a": 1, "b": 1}, 1_000)
    rng = np.random.default_rng(6)
    rates = {"control": 0.3, "a": 0.42, "b": 0.5}
    told = assessed(design, proportions(rng, rates, units=2_000, days=20, goal=PRIMARY))
    assert (told.verdict, told.winner) == (Verdict.BETTER, "b")
    assert [reason[:2] for reason in told.reasons] == ["a:", "b:"]


def test_lost_units_void_every_comparison() -> None:
    measured = two_arms(0.3, 0.6)
    exposed = [(at, {"control": s["control"].count, "new": int(s["new"].count * 0.8)})
               for at, s in measured.days]  # fmt: skip
    told = assess(DESIGN, exposed, [measured])
    assert (told.verdict, told.winner) == (Verdict.RATIO_BROKEN, None)
    assert "control 2,000 (expected 1,800), new 1,600 (expected 1,800)" in told.reasons[0]


def test_sample_ratio_watched_daily_errs_rarely_and_sees_lost_units() -> None:
    rng = np.random.default_rng(7)
    false = found = 0
    for _ in range(300):
        for lost, is_true in ((0.0, False), (0.08, True)):
            first = rng.binomial(1_000, 0.5, 20)
            second = rng.binomial(1_000 - first, 1 - lost)
            days = [{"a": int(a), "b": int(b)}
                    for a, b in zip(first.cumsum(), second.cumsum(), strict=True)]  # fmt: skip
            broken = check(days, {"a": 1, "b": 1}).is_broken
            false, found = false + (broken and not is_true), found + (broken and is_true)
    assert (false, found / 300 > 0.9) == (0, True)
    assert anytime_p([0, 0], [0.5, 0.5]) == 1.0


def test_a_small_deviation_is_let_be_however_sure() -> None:
    found = check([{"a": 5_020_000, "b": 4_980_000}], {"a": 1, "b": 1})
    assert (found.p < 1e-6, found.is_broken) == (True, False)


def test_an_effect_that_changes_is_named() -> None:
    def seen(number: int, effect: float) -> Observed:
        contrast = Contrast(effect, 0.01, 500.0 * number)
        return Observed(day(number), contrast, 1_000 * number, 2_000.0, is_enough=True)

    points = sequence([seen(1, 0.1), seen(2, 0.1), seen(3, -0.1)], Plan(0.05, 1_000))
    assert [one.has_drifted for one in points] == [False, False, True]
    assert points[2].interval.high < 0
    steady = sequence([seen(1, 0.1), seen(2, 0.1)], Plan(0.05, 1_000))
    assert steady[1].p <= steady[0].p


def test_a_test_has_one_primary_metric() -> None:
    with pytest.raises(ValueError, match="this has 2"):
        assessed(DESIGN, two_arms(0.3, 0.3), two_arms(0.3, 0.3))
    with pytest.raises(ValueError, match="one other variant"):
        assess(Design("control", {"control": 1}, 10), [], [Measured(PRIMARY, [])])
    with pytest.raises(ValueError, match="A plan needs a level"):
        Plan(0.0, 10)
