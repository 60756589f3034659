"""Alerts: each once a period and threshold; and the batch's switch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from waffle import switch_is_active
from waffle.models import Switch

from costs.alerts import deliver_due, raise_due
from costs.budgets import batch_may_run, ensure_budgets, reserve
from costs.budgets.stopping import SWITCH
from costs.errors import OverBudget
from costs.models import Budget, BudgetAlert, BudgetPeriod, Team
from tests.costs.budgets_rows import AT, budget, record, reserved, settle, spent, usd
from tests.costs.budgets_threads import at_once

DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """The cache outlives a test's rows: refusals and waffle's switches."""
    cache.clear()


def raised() -> list[tuple[str, int]]:
    return sorted(
        (alert.period.budget.scope, alert.threshold) for alert in BudgetAlert.objects.all()
    )


# Raising


def test_each_threshold_is_raised_once() -> None:
    budget("queries", 10)
    spent("4.99")
    assert raised() == []
    spent("0.01")
    assert raised() == [("queries", 50)]
    spent("2.5"), spent("1"), spent("0.3")
    assert raised() == [("queries", 50), ("queries", 75)]
    spent("0.2")
    assert raised() == [("queries", 50), ("queries", 75), ("queries", 90)]
    settle(reserved("0.9"), "1.1")
    assert [threshold for _, threshold in raised()] == [50, 75, 90, 100]
    raise_due(AT)
    assert len(raised()) == 4


def test_one_bill_that_passes_several_raises_each() -> None:
    budget("firm", 10), budget("batch", 100)
    spent(8, "batch")
    assert raised() == [("firm", 50), ("firm", 75)]


def test_what_is_only_held_back_raises_nothing_but_the_whole() -> None:
    budget("queries", 10)
    reserved("9.99")
    assert raised() == []
    reserved("0.01")
    assert raised() == [("queries", 100)]


def test_a_new_period_raises_anew() -> None:
    budget("queries", 10, every="day")
    spent(6), spent(6, at=AT + timedelta(days=1))
    assert raised() == [("queries", 50), ("queries", 50)]


def test_users_budgets_and_disabled_ones_tell_nobody() -> None:
    ann = User.objects.create_user("ann")
    budget("user", 1), budget("firm", 1, is_enabled=False)
    spent(1, user=ann)
    raise_due(AT)
    assert raised() == []


def test_a_teams_budget_tells() -> None:
    desk = Team.objects.create(name="Desk\nBcc: all@fa.example")
    budget("team", 2, team=desk)
    spent(1, team=desk)
    assert raised() == [("team", 50)]


def test_a_refusal_is_told_although_its_transaction_rolled_back() -> None:
    budget("queries", 10)
    reserved("0.5")
    with pytest.raises(OverBudget), transaction.atomic():
        reserve([(record(), usd(10))])
    assert raised() == []
    assert raise_due(AT) == 1
    assert raised() == [("queries", 100)]


def test_a_refusal_that_stands_no_more_stops_nothing() -> None:
    budget("batch", 10)
    made = reserved("9.5", "batch")
    with pytest.raises(OverBudget):
        reserved(1, "batch")
    settle(made, 2)
    assert raise_due(AT) == 0


def test_a_refusal_in_a_period_that_never_began_is_told() -> None:
    budget("batch", 1)
    with pytest.raises(OverBudget):
        reserved(2, "batch")
    BudgetPeriod.objects.all().delete()
    assert raise_due(AT) == 1
    assert not batch_may_run()


def test_a_lowered_amount_raises_what_is_passed_by_it() -> None:
    budget("firm", 100)
    spent(8)
    Budget.objects.update(amount_usd=10)
    raise_due(AT)
    assert raised() == [("firm", 50), ("firm", 75)]


@pytest.mark.django_db(transaction=True)
def test_many_who_pass_a_threshold_at_once_raise_it_once() -> None:
    budget("firm", 1)
    calls = [reserved("0.06") for _ in range(16)]
    at_once(16, lambda which: settle(calls[which], "0.06"))
    assert raised() == [("firm", 50), ("firm", 75), ("firm", 90)]


# The batch's switch


@pytest.mark.parametrize(
    ("scope", "is_stopped"), [("firm", True), ("batch", True), ("queries", False)]
)
def test_a_used_up_budget_stops_the_batch(scope: str, is_stopped: bool) -> None:
    ensure_budgets()
    assert batch_may_run()
    Budget.objects.filter(scope=scope).update(amount_usd=1)
    spent(1, "batch" if scope == "batch" else "queries")
    Switch.objects.get(name=SWITCH).flush()
    assert batch_may_run() is switch_is_active(SWITCH) is not is_stopped


def test_the_batch_goes_on_by_itself_when_the_next_period_begins() -> None:
    ensure_budgets()
    budget("batch", 1, every="day"), Budget.objects.filter(scope="firm").update(amount_usd=1)
    spent(1, "batch")
    for at, is_on in (
        (AT, False),
        (AT + timedelta(days=2), False),  # the day's budget is new, the firm's month isn't
        (DECEMBER - timedelta(seconds=1), False),
        (DECEMBER, True),
    ):
        deliver_due(at)
        assert Switch.objects.get(name=SWITCH).active is is_on, at


def test_what_an_operator_switched_stays() -> None:
    ensure_budgets()
    switch = Switch.objects.get(name=SWITCH)
    switch.active = False
    switch.save()
    Budget.objects.filter(scope="batch").update(amount_usd=1)
    spent(1, "batch")
    deliver_due(DECEMBER)
    assert not Switch.objects.get(name=SWITCH).active


def test_an_operator_who_switches_after_the_alert_is_obeyed() -> None:
    """On, in spite of the alert, for the rest of the period; and off again by hand, for good."""
    ensure_budgets()
    Budget.objects.filter(scope="batch").update(amount_usd=1)
    spent(1, "batch")
    for active in (True, False):
        switch = Switch.objects.get(name=SWITCH)
        switch.active = active
        switch.save()
        raise_due(AT)
        deliver_due(DECEMBER)
        assert Switch.objects.get(name=SWITCH).active is active
