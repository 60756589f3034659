"""Concurrent workers on real transactions: never one call too many, every cent accounted for."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from costs.budgets import adjust, begin, discrepancies, reserve
from costs.errors import OverBudget
from costs.models import Budget, BudgetPeriod, Reservation, Team, UsageRecord
from tests.costs.budgets_rows import budget, counters, price, record, reserved, settle, usd
from tests.costs.budgets_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 64


def attempt(amount: str, category: str = "queries", **given: object) -> UsageRecord | None:
    """A call on its way, or None where a budget refused it."""
    try:
        return reserved(amount, category, **given)
    except OverBudget:
        return None


@pytest.mark.parametrize("tight", ["firm", "queries", "team", "user"])
def test_of_64_workers_ten_find_room(tight: str) -> None:
    price()
    ann, desk = User.objects.create_user("ann"), Team.objects.create(name="Desk")
    for scope in ("firm", "queries", "batch", "team", "user"):
        budget(scope, 1 if scope == tight else 1_000, team=desk if scope == "team" else None)

    def call(_: int) -> UsageRecord | None:
        return attempt("0.1", user=ann, team=desk)

    calls = [one for one in at_once(WORKERS, call) if one]
    assert len(calls) == 10
    assert set(counters().values()) == {(Decimal(0), Decimal(1))}
    assert UsageRecord.objects.count() == 10  # the refused left no row
    at_once(10, lambda which: settle(calls[which], "0.07"))
    assert set(counters().values()) == {(usd("0.7"), Decimal(0))}
    assert len([one for one in at_once(WORKERS, call) if one]) == 3


def test_the_first_calls_of_a_period_make_it_once() -> None:
    price()
    budget("firm", 100), budget("queries", 100)
    for month in range(1, 6):
        at = datetime(2026, month, 10, tzinfo=UTC)
        assert all(at_once(16, lambda _: attempt("0.25", at=at)))  # noqa: B023 - ends in the loop
    assert BudgetPeriod.objects.count() == 10
    assert {row.reserved_usd for row in BudgetPeriod.objects.all()} == {usd(4)}


def test_workers_with_different_purposes_do_not_wait_for_each_other_in_a_ring() -> None:
    """Records of several purposes at once, in every order, through several periods."""
    price()
    budget("firm", 10_000), budget("firm", 5_000, every="day"), budget("firm", 9_000, every="week")
    for scope in ("batch", "queries", "infrastructure"):
        budget(scope, 10_000)
    days = [datetime(2026, 10, 30, 12, tzinfo=UTC) + timedelta(days=d) for d in range(4)]

    def work(which: int) -> None:
        order = random.Random(which)
        for _ in range(5):
            with transaction.atomic():
                calls = [
                    (record(category, at=order.choice(days)), usd("0.01"))
                    for category in ("batch", "queries", "infrastructure")
                ]
                order.shuffle(calls)
                reserve(calls)
            for made, _usd in calls:
                settle(made, "0.003")

    at_once(16, work)
    assert discrepancies() == []
    firm = BudgetPeriod.objects.filter(budget__scope="firm", budget__every="month")
    assert sum(row.spent_usd for row in firm) == usd("0.72")  # 16 x 5 x 3 x 0.003


def test_after_chaos_the_counters_are_what_the_ledger_says() -> None:
    """Reserved, settled, failed, corrected, rolled back, and budgets made and changed meanwhile."""
    price()
    users = [User.objects.create_user(f"user{n}") for n in range(3)]
    desk = Team.objects.create(name="Desk")
    firm = budget("firm", 2)
    budget("batch", 1)
    done = threading.Event()

    def work(which: int) -> None:
        if which == 0:
            _operate(firm, desk, done)
            return
        order = random.Random(which)
        while not done.is_set():
            made = attempt(
                "0.013", order.choice(["batch", "queries"]), at=AT_SOME_DAY,
                user=order.choice([*users, None]), team=order.choice([desk, None]),
            )  # fmt: skip
            if made:
                _end(made, order)

    at_once(12, work)
    assert discrepancies() == []
    assert BudgetPeriod.objects.filter(spent_usd__gt=0).count() >= 6
    for row in BudgetPeriod.objects.filter(budget=firm):
        assert row.spent_usd + row.reserved_usd <= 5


AT_SOME_DAY = datetime(2026, 11, 18, 15, tzinfo=UTC)


def _operate(firm: Budget, desk: Team, done: threading.Event) -> None:
    """New budgets, and more for the firm, while others spend."""
    try:
        for amount, scope in enumerate(("queries", "user", "team")):
            time.sleep(0.3)
            made = budget(scope, 3, team=desk if scope == "team" else None)
            begin(made, at=AT_SOME_DAY)
            Budget.objects.filter(pk=firm.pk).update(amount_usd=3 + amount)
    finally:
        done.set()


def _end(made: UsageRecord, order: random.Random) -> None:
    match order.randrange(5):
        case 0:
            return  # on its way for ever: stays reserved
        case 1:
            settle(made, 0)
        case 2:
            with transaction.atomic():  # the worker dies before its commit
                settle(made, "0.01")
                transaction.set_rollback(True)
            settle(made, "0.012")
        case 3:
            settle(made, "0.009")
            with transaction.atomic():
                UsageRecord.objects.filter(pk=made.pk).update(cost_usd=usd("0.0121"))
                adjust(made, usd("0.0031"))
        case _:
            settle(made, "0.0117")


def test_two_settle_one_call_and_it_is_spent_once() -> None:
    price()
    budget("firm", 10)
    made = reserved(1)
    at_once(8, lambda _: settle(made, "0.5"))
    assert counters() == {"firm 2026-11-01": (usd("0.5"), 0)}
    assert Reservation.objects.filter(is_open=True).count() == 0


def test_a_call_over_midnight_of_the_month_belongs_to_the_month_it_was_sent_in() -> None:
    price()
    budget("firm", 1)
    before, after = (
        datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 1, 5, tzinfo=UTC),
    )
    made = reserved("0.9", at=before)
    assert attempt("0.2", at=before) is None
    assert attempt("0.9", at=after) is not None
    settle(made, "0.8")
    assert counters() == {
        "firm 2026-11-01": (usd("0.8"), 0),
        "firm 2026-12-01": (0, usd("0.9")),
    }
