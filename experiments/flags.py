"""django-waffle's flags, with a trail, and by percentages that keep to a unit.

Every change of a flag or switch leaves a row on the trail, whoever makes it and wherever: receivers
compare what is saved with what was. ``by`` is whoever `changing` names; the admin names its user.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from waffle.models import Flag, Sample, Switch

from experiments.actions.errors import NotDone
from experiments.actions.trail import note
from experiments.assigning import Subject, Unit, place
from experiments.kept import Kept

_TOLD = {
    Flag: (
        "everyone", "percent", "testing", "superusers", "staff", "authenticated", "languages",
        "rollout",
    ),
    Switch: ("active",),
    Sample: ("percent",),
}  # fmt: skip
_NOUNS = {Flag: "flag", Switch: "switch", Sample: "sample"}
_changing: ContextVar[User | None] = ContextVar("experiments_changing", default=None)


@contextmanager
def changing(by: User | None) -> Iterator[None]:
    """Whose changes these are."""
    token = _changing.set(by)
    try:
        yield
    finally:
        _changing.reset(token)


@transaction.atomic
def turn(
    *, name: str, by: User | None, everyone: bool | None = None, percent: Decimal | None = None
) -> Flag:
    """On or off for all, or on for a percentage of units; makes the flag where there is none.

    Raises NotDone where neither or both are given, or the percentage is none.
    """
    if (everyone is None) == (percent is None):
        raise NotDone(f"Say of {name} either whether it is on for everyone, or its percentage.")
    if percent is not None and not 0 <= percent <= 100:
        raise NotDone(f"The percentage of {name} is {percent}; it must be from 0 to 100.")
    flag = Flag.objects.select_for_update().filter(name=name).first() or Flag(name=name)
    flag.everyone, flag.percent = everyone, percent
    with changing(by):
        flag.save()
    return flag


@dataclass(frozen=True)
class _Known:
    everyone: bool | None
    percent: float
    users: frozenset[str]


def is_on(flag: str, subject: Subject) -> bool:
    """For the subject, with or without a request: by everyone, by its user or their group, or by the
    percentage, of users, else firms, else stocks. A unit that is in at 5 % is in at 20 %. Unknown
    flags are off; never raises."""
    known = flags.get(flag)
    if known is None:
        return False
    if known.everyone is not None:
        return known.everyone
    if (user := subject.unit(Unit.USER)) and user in known.users:
        return True
    unit = next((one for kind in Unit if (one := subject.unit(kind))), None)
    return unit is not None and place("flag", flag, unit) * 100 < known.percent


def _read() -> dict[str, _Known]:
    rows: QuerySet[Flag] = QuerySet(Flag)
    return {
        flag.name: _Known(
            flag.everyone,
            float(flag.percent or 0),
            frozenset(str(one.pk) for one in flag.users.all())
            | {str(one.pk) for group in flag.groups.all() for one in group.user_set.all()},
        )
        for flag in rows.prefetch_related("users", "groups__user_set")
    }


flags = Kept("flags", _read)


def _values(row: Any) -> dict[str, object]:
    return {name: _plain(getattr(row, name)) for name in _TOLD[type(row)]}


def _plain(value: object) -> object:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


@receiver(pre_save, sender=Flag, dispatch_uid="flag_before")
@receiver(pre_save, sender=Switch, dispatch_uid="switch_before")
@receiver(pre_save, sender=Sample, dispatch_uid="sample_before")
def _remember(sender: type[Model], instance: Any, **_: Any) -> None:
    before = sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    instance._before = _values(before) if before else None


@receiver(post_save, sender=Flag, dispatch_uid="flag_after")
@receiver(post_save, sender=Switch, dispatch_uid="switch_after")
@receiver(post_save, sender=Sample, dispatch_uid="sample_after")
def _tell_saved(sender: type[Model], instance: Any, **_: Any) -> None:
    flags.refresh_when_done()
    stored = sender._default_manager.get(pk=instance.pk)  # as the database has it, not as typed
    after, before = _values(stored), instance._before
    changed = {name: [(before or {}).get(name), value] for name, value in after.items()
               if before is None or before[name] != value}  # fmt: skip
    if changed:
        _note("change" if before else "make", instance, changed)


@receiver(post_delete, sender=Flag, dispatch_uid="flag_gone")
@receiver(post_delete, sender=Switch, dispatch_uid="switch_gone")
@receiver(post_delete, sender=Sample, dispatch_uid="sample_gone")
def _tell_deleted(instance: Any, **_: Any) -> None:
    flags.refresh_when_done()
    _note("delete", instance, {name: [value, None] for name, value in _values(instance).items()})


@receiver(m2m_changed, sender=Flag.users.through, dispatch_uid="flag_users")
@receiver(m2m_changed, sender=Flag.groups.through, dispatch_uid="flag_groups")
def _tell_members(instance: Any, action: str, model: type[Model], pk_set: Any, **_: Any) -> None:
    if action in ("post_add", "post_remove", "post_clear") and isinstance(instance, Flag):
        flags.refresh_when_done()
        who = f"{model._meta.verbose_name_plural}"
        _note(f"{action.removeprefix('post_')} {who}", instance, {who: sorted(pk_set or ())})


def _note(action: str, row: Any, detail: dict[str, Any]) -> None:
    note(
        action, subject_type=_NOUNS[type(row)], subject=row.name, by=_changing.get(), detail=detail
    )
