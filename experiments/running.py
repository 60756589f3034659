"""The tests in force, as serving needs them."""

from __future__ import annotations

import structlog
from django.db.models.signals import post_delete, post_save

from experiments.assigning import Arm, BadTargeting, Definition, Unit, conditions
from experiments.kept import Kept
from experiments.models import ABTest, Phase, Variant

log = structlog.get_logger(__name__)


def definition(key: str) -> Definition | None:
    return known.get(key)


def _read() -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    tests = ABTest.objects.in_force().select_related("shipped")
    for test in tests.prefetch_related("phases", "variants"):
        try:
            found[test.key] = _definition(test)
        except (BadTargeting, KeyError, TypeError, ValueError):
            log.exception("experiments.definition_unusable", test=test.key)
    return found


def _definition(test: ABTest) -> Definition:
    """Of the newest phase's own copy, not of the rows that may have been edited since."""
    phase = max(test.phases.all(), key=lambda one: one.number)
    rows = {one.key: one for one in test.variants.all()}
    arms = {
        key: Arm(key, one["weight"], one["parameters"], rows[key].pk)
        for key, one in phase.variants.items()
    }
    control = next(key for key in arms if rows[key].is_control)
    return Definition(
        key=test.key,
        unit=Unit(test.unit),
        arms=arms,
        control=control,
        line=f"group:{test.group}" if test.group else test.key,
        slots=tuple((start, end) for start, end in phase.slots),
        holdout=float(test.holdout),
        targeting=conditions(test.targeting),
        phase=phase.pk,
        shipped=test.shipped.key if test.shipped else "",
    )


known = Kept("definitions", _read)
for _table in (ABTest, Phase, Variant):
    post_save.connect(known.refresh_when_done, sender=_table, dispatch_uid="refresh_tests")
    post_delete.connect(known.refresh_when_done, sender=_table, dispatch_uid="refresh_tests")
