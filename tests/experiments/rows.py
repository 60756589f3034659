"""Tests, variants and what happened in them, as rows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from experiments import actions
from experiments.models import ABTest, Exposure, Goal, Metric, Outcome, Variant

VERIFIED = "verified_share"


def make_metric(key: str = VERIFIED, **fields: Any) -> Metric:
    given = {"name": key, "kind": Metric.Kind.PROPORTION, **fields}
    return Metric.objects.get_or_create(key=key, defaults=given)[0]


def make_draft(key: str = "summary_tone", *, metric: str = VERIFIED, **fields: Any) -> ABTest:
    given: dict[str, Any] = {
        "hypothesis": "Warmer words are read on.", "unit": "user", "planned_units": 100,
        "minimal_effect": Decimal("0.05"), **fields,
    }  # fmt: skip
    test = ABTest.objects.create(key=key, **given)
    Variant.objects.create(test=test, key="control", is_control=True, parameters={"tone": "plain"})
    Variant.objects.create(test=test, key="warm", parameters={"tone": "warm"})
    Goal.objects.create(test=test, metric=make_metric(metric), role=Goal.Role.PRIMARY)
    return test


def make_running(key: str = "summary_tone", **fields: Any) -> ABTest:
    return actions.start(test=make_draft(key, **fields))


def exposed(test: ABTest, variant: str, unit: str, at: datetime) -> Exposure:
    return Exposure.objects.create(
        phase=test.phases.order_by("-number")[0],
        variant=test.variants.get(key=variant),
        unit=unit,
        at=at,
    )


def measured(metric: str, unit: str, value: float, at: datetime, **fields: Any) -> Outcome:
    number = Outcome.objects.count()
    given: dict[str, Any] = {"key": f"m{number}", "user": unit, **fields}
    return Outcome.objects.create(
        metric=Metric.objects.get(key=metric), value=value, at=at, **given
    )
