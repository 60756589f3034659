"""Flags keep to their units, and every change of one stands on the trail."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from waffle.models import Flag, Switch

import experiments
from experiments import flags
from experiments.actions import NotDone
from experiments.assigning import Subject
from experiments.models import Change
from tests.factories import make_user

pytestmark = pytest.mark.django_db


DATES = {
    f"{name}_{part}": given
    for name in ("created", "modified")
    for part, given in enumerate(("2026-01-01", "00:00:00"))
}


def on(count: int = 400) -> set[int]:
    flags.flags.refresh()
    return {n for n in range(count) if experiments.is_on("new_page", Subject(user=n))}


def test_a_percentage_keeps_its_units_as_it_grows() -> None:
    flags.turn(name="new_page", by=None, percent=Decimal("10"))
    few = on()
    flags.turn(name="new_page", by=None, percent=Decimal("40"))
    more = on()
    assert few < more
    assert 15 < len(few) < 75
    flags.turn(name="new_page", by=None, everyone=False)
    assert on() == set()
    flags.turn(name="new_page", by=None, everyone=True)
    assert len(on()) == 400
    assert not experiments.is_on("nothing", Subject(user=1))


def test_named_users_and_groups_are_in() -> None:
    anna, bert = make_user("anna"), make_user("bert", "ops")
    flag = flags.turn(name="new_page", by=None, percent=Decimal("0"))
    flag.users.add(anna)
    flag.groups.add(Group.objects.get(name="ops"))
    flags.flags.refresh()
    assert experiments.is_on("new_page", Subject(user=anna.pk))
    assert experiments.is_on("new_page", Subject(user=bert.pk))
    assert not experiments.is_on("new_page", Subject(stock="ACME"))
    told = list(Change.objects.order_by("pk").values_list("action", "detail"))[1:]
    assert told == [
        ("add users", {"users": [anna.pk]}),
        ("add groups", {"groups": [Group.objects.get(name="ops").pk]}),
    ]


def test_changes_are_told_with_what_was_and_by_whom() -> None:
    boss = make_user("boss")
    flags.turn(name="new_page", by=boss, percent=Decimal("10"))
    flags.turn(name="new_page", by=boss, percent=Decimal("10"))
    flags.turn(name="new_page", by=boss, percent=Decimal("25"))
    made, changed = Change.objects.order_by("pk")
    assert (made.action, made.actor, made.detail["percent"]) == ("make", boss, [None, "10"])
    assert (changed.action, changed.subject, changed.detail) == (
        "change", "new_page", {"percent": ["10", "25"]},
    )  # fmt: skip
    with pytest.raises(NotDone, match="either whether it is on for everyone, or its percentage"):
        flags.turn(name="new_page", by=boss)
    with pytest.raises(NotDone, match="must be from 0 to 100"):
        flags.turn(name="new_page", by=boss, percent=Decimal(101))


def test_the_admin_names_its_user() -> None:
    boss = make_user("boss", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(boss)
    Switch.objects.create(name="llm_off", active=False)
    form = {"name": "llm_off", "active": "on", "note": "", **DATES}  # fmt: skip
    path = f"/admin/waffle/switch/{Switch.objects.get().pk}/change/"
    assert client.post(path, form).status_code == 302
    Flag.objects.create(name="new_page")
    asked = {"action": "enable_for_all", "_selected_action": [Flag.objects.get().pk]}
    client.post("/admin/waffle/flag/", asked)
    told = Change.objects.exclude(actor=None).order_by("pk")
    assert list(told.values_list("subject_type", "subject", "actor__username", "detail")) == [
        ("switch", "llm_off", "boss", {"active": [False, True]}),
        ("flag", "new_page", "boss", {"everyone": [None, True]}),
    ]
