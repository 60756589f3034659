"""The tests in force, kept in the process for a few seconds: serving asks for them all the time.

Never raises: while the database is away what was known last stays, and without any everybody gets
the product as it is.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import structlog
from django.db import Error, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from experiments.assigning import Arm, BadTargeting, Definition, Unit, conditions
from experiments.models import ABTest, Phase, Variant

log = structlog.get_logger(__name__)

# Another process sees a start or an end after so long at the latest.
KEPT_SECONDS = 5.0

_Known = Mapping[str, Definition]
_kept: tuple[float, _Known] | None = None


def definition(key: str) -> Definition | None:
    return definitions().get(key)


def definitions() -> _Known:
    """By key."""
    global _kept
    kept = _kept
    if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    read_at = time.monotonic()
    try:
        known = _read()
    except Error as error:
        log.warning("experiments.definitions_away", error=type(error).__name__)
        known = kept[1] if kept else {}
    _kept = (read_at, known)
    return known


def forget(**_: Any) -> None:
    """Read them anew at the next question."""
    global _kept
    _kept = None


@receiver((post_save, post_delete), sender=ABTest, dispatch_uid="forget_tests")
@receiver((post_save, post_delete), sender=Phase, dispatch_uid="forget_phases")
@receiver((post_save, post_delete), sender=Variant, dispatch_uid="forget_variants")
def _forget_when_done(**_: Any) -> None:
    forget()
    transaction.on_commit(forget)


def _read() -> _Known:
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
