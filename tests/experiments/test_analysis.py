"""Rows into sums, sums into the verdict: each figure worked out by hand or by numpy beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.conf import settings

from experiments import actions
from experiments.analysis import Unstarted, analyse
from experiments.analysis.sums import exposed_by_day, samples_by_day
from experiments.models import Exposure, Goal, Metric, Outcome, Phase
from experiments.statistics import Sample, Verdict
from tests.experiments.rows import exposed, make_draft, make_metric, make_running, measured

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def noon(number: int) -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=ZoneInfo(settings.TIME_ZONE)) + number * DAY


def of(values: list[float]) -> Sample:
    if not values:
        return Sample(0, 0.0, 0.0)
    variance = float(np.var(values, ddof=1)) if len(values) > 1 else 0.0
    return Sample(len(values), float(np.mean(values)), variance)


def near(found: dict[str, Sample], expected: dict[str, Sample]) -> bool:
    return set(found) == set(expected) and all(
        found[key].count == one.count
        and found[key].mean == pytest.approx(one.mean)
        and found[key].variance == pytest.approx(one.variance)
        for key, one in expected.items()
    )


def test_several_outcomes_of_a_unit_are_one_value() -> None:
    make_metric("cost", kind="mean")
    test = make_running(metric="cost")
    exposed(test, "warm", "1", noon(0))
    exposed(test, "warm", "2", noon(0))
    exposed(test, "control", "3", noon(0))
    for unit, value, day in (("1", 2, 0), ("1", 4, 0), ("2", 5, 0), ("1", 9, 1), ("3", 7, 1)):
        measured("cost", unit, value, noon(day))
    measured("cost", "1", 100, noon(-1))  # before it was exposed
    measured("cost", "8", 100, noon(1))  # never exposed
    days = samples_by_day(test.phases.get(), Metric.objects.get(key="cost"))
    assert [day for day, _ in days] == [date(2026, 3, 1), date(2026, 3, 2)]
    assert near(days[0][1], {"warm": of([3, 5]), "control": of([])})
    assert near(days[1][1], {"warm": of([5, 5]), "control": of([7])})
    assert len(samples_by_day(test.phases.get(), Metric.objects.get(key="cost"),
                              before=date(2026, 3, 2))) == 1  # fmt: skip


def test_a_ratio_is_of_a_units_sums() -> None:
    make_metric("per_page", kind="ratio")
    test = make_running(metric="per_page")
    rows = {"1": [(2, 4), (1, 1)], "2": [(3, 3)], "4": [(0, 2)]}
    for unit, pairs in rows.items():
        exposed(test, "warm", unit, noon(0))
        for number, (x, y) in enumerate(pairs):
            measured("per_page", unit, x, noon(number), denominator=y)
    (_, _), (_, last) = samples_by_day(test.phases.get(), Metric.objects.get(key="per_page"))
    xs, ys = np.array([3.0, 3, 0]), np.array([5.0, 3, 2])
    influence = (xs - xs.sum() / ys.sum() * ys) / ys.mean()
    assert near({"warm": last["warm"]}, {"warm": Sample(3, 0.6, float(np.var(influence, ddof=1)))})


def test_a_test_reads_its_own_kind_of_unit() -> None:
    test = make_running(unit="stock")
    exposed(test, "warm", "ACME", noon(0))
    measured("verified_share", "ACME", 0.2, noon(0))  # a user of that name
    measured("verified_share", "7", 0.8, noon(0), stock="ACME")
    ((_, found),) = samples_by_day(test.phases.get(), make_metric())
    assert near(found, {"warm": of([0.8]), "control": of([])})


def test_days_are_the_firms() -> None:
    test = make_running()
    evening = datetime(2026, 3, 2, 3, tzinfo=ZoneInfo("UTC"))  # still the first in New York
    exposed(test, "warm", "1", evening)
    exposed(test, "control", "2", noon(1))
    assert exposed_by_day(test.phases.get()) == [
        (date(2026, 3, 1), {"control": 0, "warm": 1}),
        (date(2026, 3, 2), {"control": 1, "warm": 0}),
    ]


def fill(phase: Phase, rates: dict[str, float], *, units: int, days: int = 10) -> None:
    """So many units of each variant, a value each on the day of its exposure, in alternation."""
    rng = np.random.default_rng(1)
    metric = Metric.objects.get(key="verified_share")
    rows, values = [], []
    for variant in phase.test.variants.all():
        for number in range(units):
            at = noon(number * days // units)
            unit = f"{variant.key}-{number}"
            rows.append(Exposure(phase=phase, variant=variant, unit=unit, at=at))
            value = float(rng.random() < rates[variant.key])
            values.append(Outcome(metric=metric, user=unit, value=value, at=at, key=unit))
    Exposure.objects.bulk_create(rows)
    Outcome.objects.bulk_create(values)


def test_the_verdict_from_rows() -> None:
    test = make_running(planned_units=200)
    phase = test.phases.get()
    fill(phase, {"control": 0.3, "warm": 0.6}, units=300)
    told = analyse(test)
    assert (told.assessment.verdict, told.assessment.winner) == (Verdict.BETTER, "warm")
    (primary,) = told.assessment.comparisons
    assert len(primary.points) == 10
    assert primary.sample.count == 300
    assert primary.effect == pytest.approx(0.3, abs=0.1)
    assert sum(counts["warm"] for _, counts in told.exposed) == 300
    assert told.assessment.ratio.counts == {"control": 300, "warm": 300}


def test_a_new_phase_counts_from_nothing() -> None:
    test = make_running(planned_units=200)
    fill(test.phases.get(), {"control": 0.3, "warm": 0.6}, units=300)
    actions.begin_phase(test=test, weights={"warm": 3}, reason="Faster.")
    assert analyse(test).assessment.verdict is Verdict.NOT_ENOUGH_DATA
    first = Phase.objects.get(number=1)
    assert analyse(test, first).assessment.verdict is Verdict.BETTER


def test_a_guardrail_from_rows_stops_the_test() -> None:
    test = make_draft(planned_units=5_000)
    make_metric("useful_share")
    Goal.objects.create(
        test=test, metric=Metric.objects.get(key="useful_share"), role="guardrail",
        margin=Decimal("0.05"),
    )  # fmt: skip
    phase = actions.start(test=test).phases.get()
    fill(phase, {"control": 0.5, "warm": 0.5}, units=400)
    useful = Metric.objects.get(key="useful_share")
    rng = np.random.default_rng(2)
    Outcome.objects.bulk_create(
        Outcome(metric=useful, user=one.unit, at=one.at, key=one.unit,
                value=float(rng.random() < (0.3 if one.unit.startswith("warm") else 0.7)))
        for one in Exposure.objects.all()
    )  # fmt: skip
    assert analyse(test).assessment.verdict is Verdict.GUARDRAIL_BROKEN


def test_today_is_not_over_yet() -> None:
    """The planned look is taken at the end of a day, once; today's figures would be many looks."""
    test = make_running(planned_units=100)
    phase = test.phases.get()
    fill(phase, {"control": 0.3, "warm": 0.6}, units=300)
    now = phase.started_at
    Exposure.objects.update(at=now)
    Outcome.objects.update(at=now)
    assert analyse(test).assessment.verdict is Verdict.NOT_ENOUGH_DATA
    stopped = actions.stop(test=test, reason="Enough.")
    assert analyse(stopped).assessment.verdict is Verdict.BETTER


def test_what_was_never_started_has_nothing_to_analyse() -> None:
    with pytest.raises(Unstarted, match="was never started"):
        analyse(make_draft())


def test_the_past_narrows_the_interval() -> None:
    make_metric("cost", kind="mean")
    test = make_running(metric="cost")
    rng = np.random.default_rng(3)
    for number in range(160):
        variant, level = ("warm", "control")[number % 2], rng.normal(10, 3)
        exposed(test, variant, str(number), noon(0))
        measured("cost", str(number), level, noon(-3))
        measured("cost", str(number), level + rng.normal(0, 0.5), noon(0))
    metric = Metric.objects.get(key="cost")
    ((_, found),) = samples_by_day(test.phases.get(), metric)
    assert max(one.variance for one in found.values()) < 1
    Outcome.objects.filter(at__lt=noon(-1)).delete()
    ((_, plain),) = samples_by_day(test.phases.get(), metric)
    assert min(one.variance for one in plain.values()) > 5
