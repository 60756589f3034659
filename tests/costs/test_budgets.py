"""Budgets: held back before, spent after, refused with a clear answer, never overspent."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from costs.budgets import adjust, reserve, spend
from costs.errors import OverBudget
from costs.models import BudgetPeriod, Reservation, Team
from tests.costs.budgets_rows import (
    budget,
    counters,
    price,
    record,
    reserved,
    settle,
    spent,
    usd,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_a_call_is_held_back_in_every_budget_it_belongs_to() -> None:
    ann, desk = User.objects.create_user("ann"), Team.objects.create(name="Desk")
    for scope in ("firm", "batch", "queries", "infrastructure", "user"):
        budget(scope)
    budget("team", team=desk)
    budget("team", team=Team.objects.create(name="Other"))
    made = reserved("1.5", "queries", user=ann, team=desk)
    assert counters() == {
        "firm 2026-11-01": (0, usd("1.5")),
        "queries 2026-11-01": (0, usd("1.5")),
        "team 2026-11-01": (0, usd("1.5")),
        "user ann 2026-11-01": (0, usd("1.5")),
    }
    settle(made, "0.4")
    assert counters() == dict.fromkeys(counters(), (usd("0.4"), 0))
    assert not Reservation.objects.filter(is_open=True).exists()


def test_what_does_not_fit_into_one_budget_is_held_back_in_none() -> None:
    budget("firm", 100), budget("queries", 1)
    reserved("0.7")
    before = counters()
    with pytest.raises(OverBudget) as refused, transaction.atomic():
        reserve([(record(), usd("0.31"))])
    assert counters() == before
    assert str(refused.value) == (
        "The budget queries, a month of 1.00 USD has 0.30 USD left, the call may need 0.3100. "
        "It starts anew at 2026-12-01 00:00 EST."
    )
    reserved("0.3")  # to the last cent


def test_even_a_caller_that_goes_on_has_nothing_half_reserved() -> None:
    budget("firm", 100), budget("queries", 1)
    with transaction.atomic():
        made = record()
        with pytest.raises(OverBudget):
            reserve([(made, usd(2))])
    assert counters() == {"firm 2026-11-01": (0, 0), "queries 2026-11-01": (0, 0)}
    assert not Reservation.objects.exists()


def test_the_budget_that_resets_last_is_named() -> None:
    budget("firm", 1), budget("firm", 1, every="day"), budget("queries", 1, every="week")
    with pytest.raises(OverBudget) as refused:
        reserve([(record(), usd(2))])
    assert (refused.value.budget, f"{refused.value.resets_at:%Y-%m-%d}") == (
        "firm, a month", "2026-12-01",
    )  # fmt: skip


def test_many_records_at_once_fit_together_or_not_at_all() -> None:
    budget("batch", 10)
    batch = [(record("batch"), usd("2.5")) for _ in range(4)]
    with pytest.raises(OverBudget), transaction.atomic():
        reserve([*batch, (record("batch"), usd("0.01"))])
    reserve(batch)
    assert counters() == {"batch 2026-11-01": (0, 10)}
    spend(batch[0][0], usd(1))
    assert counters() == {"batch 2026-11-01": (1, usd("7.5"))}


def test_what_costs_nothing_is_never_refused() -> None:
    budget("firm", 0)
    reserve([(record(provider="extractive"), usd(1)), (record(), usd(0))])
    assert counters() == {}
    with pytest.raises(OverBudget):
        reserve([(record(), usd("0.000001"))])


def test_spending_happens_once() -> None:
    budget("firm", 10)
    made = reserved(2)
    settle(made, 1)
    spend(made, usd(1))
    assert counters() == {"firm 2026-11-01": (1, 0)}
    without = record()
    spend(without, usd(3))
    spend(without, usd(3))
    assert counters() == {"firm 2026-11-01": (4, 0)}


def test_a_failed_call_frees_what_it_held_back() -> None:
    budget("firm", 10)
    spend(reserved(10), usd(0))
    assert counters() == {"firm 2026-11-01": (0, 0)}
    reserved(10)


def test_a_bill_beyond_the_budget_is_counted_all_the_same() -> None:
    budget("firm", 1)
    settle(reserved("0.9"), "1.3")
    assert counters() == {"firm 2026-11-01": (usd("1.3"), 0)}


def test_a_correction_goes_to_the_same_periods() -> None:
    budget("firm", 10), budget("queries", 10)
    made = spent(2)
    adjust(made, usd("-0.5"))
    adjust(made, usd("0.125"))
    assert counters() == dict.fromkeys(counters(), (usd("1.625"), 0))


def test_a_user_with_a_budget_of_their_own_is_not_held_to_that_of_each() -> None:
    ann, bob = User.objects.create_user("ann"), User.objects.create_user("bob")
    budget("user", 1)
    own = budget("user", 5, user=ann)
    reserved(4, user=ann)
    with pytest.raises(OverBudget):
        reserve([(record(user=bob), usd(2))])
    reserved(1, user=bob)
    own.is_enabled = False
    own.save()
    with pytest.raises(OverBudget):  # what she spent counts in that of each as well
        reserve([(record(user=ann), usd("0.01"))])


def test_a_disabled_budget_counts_and_refuses_nothing() -> None:
    off = budget("firm", 1, is_enabled=False)
    spent(3)
    off.is_enabled = True
    off.save()
    with pytest.raises(OverBudget):
        reserve([(record(), usd("0.01"))])


def test_a_new_budget_knows_what_was_spent_before_it() -> None:
    budget("firm", 100)
    spent(3), spent(4, "batch")
    budget("queries", 5)
    with pytest.raises(OverBudget) as refused:
        reserve([(record(), usd("2.5"))])
    assert refused.value.left_usd == 2
    made = reserved(2)
    settle(made, 2)
    assert counters()["queries 2026-11-01"] == (5, 0)


def test_without_budgets_nothing_is_refused() -> None:
    spent(1_000)
    assert counters() == {}


@pytest.mark.parametrize("amount", [Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity")])
def test_no_amounts(amount: Decimal) -> None:
    made = record()
    for act in (partial(reserve, [(made, amount)]), partial(spend, made, amount)):
        with pytest.raises((ValueError, ArithmeticError)):
            act()


def test_reserving_takes_few_queries(django_assert_num_queries: object) -> None:
    for scope in ("firm", "batch", "queries", "infrastructure"):
        budget(scope)
    reserved(1)
    one, many = [(record(), usd(1))], [(record(), usd(1)) for _ in range(10)]
    for calls in (one, many):
        with django_assert_num_queries(3):  # type: ignore[operator]
            reserve(calls)
    with django_assert_num_queries(4):  # type: ignore[operator]
        spend(one[0][0], usd(1))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_reserved() -> None:
    price()
    made = record()
    with pytest.raises(RuntimeError, match=r"transaction\.atomic"):
        reserve([(made, usd(1))])
    assert not BudgetPeriod.objects.exists()
