"""The batch's switch: off when a budget that pays for it is used up, on with the next period.

What an operator switched stays: a switch that was changed after us isn't ours any more.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from waffle.models import Switch

from costs.budgets.applying import SCOPE, firm_zone
from costs.models import Budget, BudgetAlert, BudgetPeriod

SWITCH = "model_batch"
_WHAT = "Whether batches may call models. Budget alerts at 100 % switch it off."
_OURS = re.compile(r"\[switched (\S+)\]$")


def ensure_batch_switch() -> None:
    """Make the switch, on, if it isn't there."""
    Switch.objects.get_or_create(name=SWITCH, defaults={"active": True, "note": _WHAT})


def batch_may_run() -> bool:
    """Whether batches may call models now."""
    switch: Switch = Switch.get(SWITCH)
    return switch.active or switch.pk is None


@transaction.atomic
def stop_batch(period: BudgetPeriod, budget: Budget) -> None:
    """Switch the batch off until the period ends, unless it is off already."""
    ensure_batch_switch()
    switch = Switch.objects.select_for_update().get(name=SWITCH)
    if switch.active:
        until = period.ends_at.astimezone(firm_zone())
        _set(
            switch,
            is_on=False,
            why=f"Off because the budget {budget} is used up; on again by itself at "
            f"{until:%Y-%m-%d %H:%M %Z}, unless it is changed here before.",
        )


@transaction.atomic
def resume_batch(now: datetime | None = None) -> bool:
    """Switch the batch on again where alerts switched it off and no such period runs any more."""
    now = now or timezone.now()
    switch = Switch.objects.select_for_update().filter(name=SWITCH, active=False).first()
    if switch is None or not _is_ours(switch) or _is_used_up(now):
        return False
    _set(switch, is_on=True, why="On again with the budget's new period.")
    return True


def _is_used_up(now: datetime) -> bool:
    return BudgetAlert.objects.filter(
        threshold=BudgetAlert.Threshold.ALL,
        period__budget__scope__in=(SCOPE.FIRM, SCOPE.BATCH),
        period__starts_at__lte=now,
        period__ends_at__gt=now,
    ).exists()


def _set(switch: Switch, *, is_on: bool, why: str) -> None:
    """The note carries the moment of the change: a later one is somebody else's."""
    at = timezone.now()
    note = f"{_WHAT} {why} [switched {at.isoformat()}]"
    Switch.objects.filter(pk=switch.pk).update(active=is_on, note=note, modified=at)
    transaction.on_commit(switch.flush)


def _is_ours(switch: Switch) -> bool:
    found = _OURS.search(switch.note)
    return found is not None and datetime.fromisoformat(found[1]) == switch.modified
