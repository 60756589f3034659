"""How budgets stand, what they begin with, expenses, and counters counted anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from costs.budgets import (
    begin,
    discrepancies,
    ensure_budgets,
    enter,
    rebuild,
    room_for,
    standings,
    take_back,
)
from costs.models import Budget, BudgetAlert, BudgetPeriod, Expense, Team
from costs.periods import midnight
from tests.costs.budgets_rows import AT, budget, counters, record, reserved, settle, spent, usd

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


# Defaults


def test_a_firm_begins_with_2000_usd_a_month() -> None:
    ensure_budgets()
    assert ensure_budgets() == []
    made: list[tuple[object, ...]] = list(
        Budget.objects.values_list("scope", "amount_usd", "every", "is_enabled")
    )
    assert made == [
        ("batch", 1200, "month", True),
        ("firm", 2000, "month", True),
        ("infrastructure", 200, "month", True),
        ("queries", 600, "month", True),
    ]


def test_what_an_operator_changed_stays() -> None:
    ensure_budgets()
    Budget.objects.filter(scope="firm").update(amount_usd=5, is_enabled=False)
    Budget.objects.filter(scope="batch").update(every="week")
    before = list(Budget.objects.values())
    out = StringIO()
    call_command("ensure_budgets", stdout=out)
    assert (list(Budget.objects.values()), out.getvalue()) == (before, "")


# Standing


def test_a_standing_says_where_a_budget_is() -> None:
    budget("queries", 20, every="week")
    spent(4)
    reserved(1)
    [one] = standings(AT)
    told: tuple[object, ...] = (
        one.name,
        one.scope,
        one.amount_usd,
        one.spent_usd,
        one.reserved_usd,
        one.left_usd,
    )
    assert told == ("queries, a week", "queries", 20, 4, 1, 15)
    assert one.share == usd("0.2")
    assert one.starts_at == datetime(2026, 11, 16, tzinfo=NEW_YORK)
    assert one.resets_at == one.ends_at == datetime(2026, 11, 23, tzinfo=NEW_YORK)


def test_a_budget_that_nobody_used_stands_at_nothing() -> None:
    budget("firm", 0), budget("batch", 5, is_enabled=False), budget("user", 5)
    [one] = standings(AT)
    told: tuple[object, ...] = (one.spent_usd, one.share, one.forecast_usd)
    assert told == (0, 1, None)


def test_a_budget_for_each_user_stands_once_for_each() -> None:
    budget("user", 5)
    for name in ("bob", "ann"):
        spent(1, user=User.objects.create_user(name))
    assert [one.name for one in standings(AT)] == ["user, a month (ann)", "user, a month (bob)"]


def test_the_forecast_follows_each_budgets_own_weekdays() -> None:
    """The batch costs 100 on Sundays, questions 5 a day; the firm pays both and a bill of 30."""
    for scope in ("firm", "batch", "queries"):
        budget(scope, 1_000)
    now = midnight(date(2026, 11, 18), NEW_YORK)
    for ago in range(1, 50):
        at = now - timedelta(days=ago, hours=-12)
        spent(5, at=at)
        if at.astimezone(NEW_YORK).weekday() == 6:
            spent(100, "batch", at=at)
    enter(Expense(on=date(2026, 11, 2), amount_usd=usd(30), what="servers", category="queries"))
    found = {one.scope: one.forecast for one in standings(now)}
    assert {scope: {made.total, made.low, made.high} for scope, made in found.items() if made} == {
        "firm": {usd(680)},
        "batch": {usd(500)},
        "queries": {usd(180)},
    }


def test_standings_take_few_queries(django_assert_num_queries: object) -> None:
    ensure_budgets()
    with django_assert_num_queries(4):  # type: ignore[operator]
        standings(AT)
    for number in range(3):
        ann = User.objects.create_user(f"ann {number}")
        budget("user", 5, user=ann), spent(1, user=ann)
    with django_assert_num_queries(4):  # type: ignore[operator]
        standings(AT)


def test_a_budget_without_a_row_yet_knows_what_was_spent() -> None:
    spent(3), spent(4, "batch")
    Expense.objects.create(on=date(2026, 11, 1), amount_usd=usd(10), what="servers")
    budget("firm", 100), budget("queries", 100)
    assert [one.spent_usd for one in standings(AT)] == [17, 3]
    assert counters() == {}


def test_room_is_told_before_asking() -> None:
    ann = User.objects.create_user("ann")
    budget("firm", 10), budget("user", 3), budget("queries", 5, every="day")
    spent(2, user=ann)
    assert room_for("queries", ann.pk, None, usd(1), AT) is None
    full = room_for("queries", ann.pk, None, usd("1.01"), AT)
    assert full is not None
    assert (full.name, full.left_usd) == ("user, a month", usd(1))
    full = room_for("queries", None, None, usd(4), AT)
    assert full is not None
    assert (full.name, f"{full.resets_at:%H:%M %Z}") == ("queries, a day", "00:00 EST")
    full = room_for("queries", ann.pk, None, usd(9), AT)
    assert full is not None
    assert full.resets_at == datetime(2026, 12, 1, tzinfo=NEW_YORK)
    assert room_for("queries", ann.pk, None, usd(0), AT) is None
    assert counters().keys() == {
        "firm 2026-11-01", "queries 2026-11-18", "user ann 2026-11-01",
    }  # fmt: skip


def test_a_months_budget_in_another_zone(settings: object) -> None:
    """Half past midnight in Singapore is still the month before in New York."""
    settings.TIME_ZONE = "Asia/Singapore"  # type: ignore[attr-defined]
    budget("firm", 10)
    spent(1, at=datetime.fromisoformat("2026-11-30T16:30:00+00:00"))
    assert BudgetPeriod.objects.get().starts_at.isoformat() == "2026-11-30T16:00:00+00:00"


def test_a_day_of_25_hours_is_one_day() -> None:
    budget("firm", 10, every="day")
    for at in ("2026-11-01T00:30-04:00", "2026-11-01T01:30-05:00", "2026-11-01T23:59-05:00"):
        spent(1, at=datetime.fromisoformat(at))
    spent(1, at=datetime.fromisoformat("2026-11-02T00:00-05:00"))
    assert counters() == {"firm 2026-11-01": (3, 0), "firm 2026-11-02": (1, 0)}


# Expenses


def test_an_expense_counts_on_its_date_in_the_firms_and_its_categorys_budget() -> None:
    for scope in ("firm", "infrastructure", "queries"):
        budget(scope, 100)
    expense = enter(Expense(on=date(2026, 11, 30), amount_usd=usd(60), what="servers"))
    now = {"firm 2026-11-01": (60, 0), "infrastructure 2026-11-01": (60, 0)}
    assert counters() == now
    assert set(BudgetAlert.objects.values_list("threshold", flat=True)) == {50}
    expense.on, expense.category, expense.amount_usd = date(2026, 12, 1), "queries", usd(70)
    enter(expense)
    assert counters() == {
        "firm 2026-11-01": (0, 0), "infrastructure 2026-11-01": (0, 0),
        "firm 2026-12-01": (70, 0), "queries 2026-12-01": (70, 0),
    }  # fmt: skip
    assert discrepancies() == []
    take_back(expense)
    assert {spent_usd for spent_usd, _ in counters().values()} == {0}
    assert not Expense.objects.exists()


def test_expenses_that_were_there_first_are_counted_once() -> None:
    Expense.objects.create(on=date(2026, 11, 1), amount_usd=usd(10), what="servers")
    budget("firm", 100)
    enter(Expense(on=date(2026, 11, 30), amount_usd=usd(5), what="domain"))
    assert counters() == {"firm 2026-11-01": (15, 0)}


# Counted anew


def test_counters_that_are_off_are_found_and_mended() -> None:
    budget("firm", 100), budget("queries", 100)
    spent(3)
    made = reserved(2)
    enter(Expense(on=date(2026, 11, 5), amount_usd=usd(7), what="servers"))
    before = counters()
    call_command("ensure_budgets", check=True, stdout=StringIO())
    period = BudgetPeriod.objects.get(budget__scope="firm")
    BudgetPeriod.objects.filter(pk=period.pk).update(spent_usd=1, reserved_usd=50)
    err = StringIO()
    with pytest.raises(CommandError, match="--rebuild"):
        call_command("ensure_budgets", check=True, stderr=err)
    assert "firm, a month from 2026-11-01: spent 1.0" in err.getvalue()
    assert rebuild(period) is not None
    assert rebuild(period) is None
    assert counters() == before
    settle(made, 1)
    call_command("ensure_budgets", rebuild=True, stdout=StringIO())
    assert discrepancies() == []


def test_a_budget_made_in_the_middle_of_a_period_begins_with_it() -> None:
    spent(3)
    made = budget("firm", 100)
    begin(made, at=AT)
    assert counters() == {"firm 2026-11-01": (3, 0)}


# The admin


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chief"))
    return client


def test_an_operator_enters_and_corrects_an_expense(operator: Client) -> None:
    budget("firm", 100)
    form = {
        "on": "2026-11-05",
        "what": "servers",
        "category": "infrastructure",
        "amount_usd": "9.50",
    }
    operator.post(reverse("admin:costs_expense_add"), form)
    expense = Expense.objects.get()
    assert expense.entered_by is not None
    path = reverse("admin:costs_expense_change", args=[expense.pk])
    operator.post(path, {**form, "amount_usd": "4.25"})
    assert counters() == {"firm 2026-11-01": (Decimal("4.25"), 0)}
    operator.post(reverse("admin:costs_expense_delete", args=[expense.pk]), {"post": "yes"})
    assert counters() == {"firm 2026-11-01": (0, 0)}


def test_an_operator_makes_a_budget_and_changes_its_amount_alone(
    operator: Client, django_capture_on_commit_callbacks: object
) -> None:
    form = {"scope": "queries", "amount_usd": "5", "every": "day", "is_enabled": "on"}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        operator.post(reverse("admin:costs_budget_add"), form)
    made = Budget.objects.get()
    assert BudgetPeriod.objects.get().budget == made
    path = reverse("admin:costs_budget_change", args=[made.pk])
    operator.post(path, {**form, "scope": "firm", "amount_usd": "7"})
    assert list(Budget.objects.values_list("scope", "amount_usd")) == [("queries", usd(7))]
    reply = operator.post(reverse("admin:costs_budget_add"), {**form, "scope": "team"})
    assert b"budget_has_team" in reply.content
    assert operator.post(reverse("admin:costs_budget_add"), form).status_code == 200  # twice
    assert Budget.objects.count() == 1


def test_lists_show_what_stands_and_offer_the_ways_out(operator: Client) -> None:
    ann, desk = User.objects.create_user("ann"), Team.objects.create(name="Desk")
    budget("firm", 10), budget("user", 100), budget("team", 100, team=desk)
    now = datetime.now(tz=NEW_YORK)
    spent("9.5", user=ann, team=desk, at=now)
    BudgetAlert.objects.update(delivery="failed", problem="Slack answered 500")
    for model in ("budget", "budgetperiod", "budgetalert", "team", "expense"):
        reply = operator.get(reverse(f"admin:costs_{model}_changelist"))
        assert reply.status_code == 200, model
        if model == "budgetalert":
            assert b"Slack answered 500" in reply.content
    period = BudgetPeriod.objects.get(budget__scope="firm")
    assert (
        operator.get(reverse("admin:costs_budgetperiod_change", args=[period.pk])).status_code
        == 200
    )
    alert = BudgetAlert.objects.filter(period=period)[0]
    act = {"action": "again", "_selected_action": [alert.pk]}
    operator.post(reverse("admin:costs_budgetalert_changelist"), act)
    alert.refresh_from_db()
    assert (alert.delivery, alert.problem) == ("pending", "")
    BudgetPeriod.objects.update(spent_usd=0)
    chosen = [one.pk for one in BudgetPeriod.objects.all()]
    act = {"action": "count_anew", "_selected_action": chosen}
    operator.post(reverse("admin:costs_budgetperiod_changelist"), act)
    assert discrepancies() == []


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_for_any_number_of_rows(
    operator: Client, rows: int, django_assert_max_num_queries: object
) -> None:
    for number in range(rows):
        desk = Team.objects.create(name=f"Desk {number}")
        budget("team", 1, team=desk)
        spent(1, team=desk, user=User.objects.create_user(f"user {number}"))
    record()
    for model in ("budget", "budgetperiod", "budgetalert", "team", "expense"):
        with django_assert_max_num_queries(14):  # type: ignore[operator]
            operator.get(reverse(f"admin:costs_{model}_changelist"))
