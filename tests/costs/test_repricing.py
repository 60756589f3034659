from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from costs import price_list
from costs.budgets.ledger_sums import ledger_spent
from costs.models import Budget, BudgetPeriod, CostAdjustment, Price
from costs.repricing import Repriced, Which, reprice
from costs.tokens import Tokens
from tests.costs.entries import HAIKU, SONNET, counters, lost, opened, settled
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices", "default_budgets")]
CHANGE = datetime(2026, 10, 7, tzinfo=UTC)
END = CHANGE + timedelta(days=30)
READS = Tokens(input=1000, cache_read=100_000)
DEAR, CHEAP = Decimal("0.022"), Decimal("0.012")


def before_the_change_was_entered() -> None:
    Price.objects.filter(effective_from=CHANGE).delete()
    price_list.forget()


def queries(step: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        step()
    return len(caught)


def enter_the_change() -> None:
    with price_list.BUNDLED.open() as file:
        done = price_list.load(file)
    assert done.added == 1
    assert done.late == ((SONNET, CHANGE),)


def test_a_price_entered_late_reaches_the_calls_made_since() -> None:
    before_the_change_was_entered()
    early = settled(READS, CHANGE - timedelta(seconds=1), estimated_tokens=100_000)
    late = settled(READS, CHANGE, estimated_tokens=100_000)
    batch = settled(READS, CHANGE, estimated_tokens=100_000, is_batch=True)
    others = [settled(READS, CHANGE, model=HAIKU), lost(CHANGE), opened(CHANGE)]
    enter_the_change()
    dry = reprice(Which(SONNET, CHANGE, END), is_dry=True)
    assert dry == Repriced(2, 2, DEAR * 3 / 2, CHEAP * 3 / 2)
    assert not CostAdjustment.objects.exists()

    assert reprice(Which(SONNET, CHANGE - timedelta(days=1), END)) == Repriced(
        3, 2, DEAR * 5 / 2, DEAR + CHEAP * 3 / 2
    )
    for record in (early, late, batch, *others):
        was = record.cost_usd
        record.refresh_from_db()
        if record not in (late, batch):
            assert record.cost_usd == was
    assert (early.cost_usd, late.cost_usd, batch.cost_usd) == (DEAR, CHEAP, CHEAP / 2)
    assert late.price.effective_from == CHANGE
    told = CostAdjustment.objects.order_by("record").values_list("record", "from_usd", "to_usd")
    assert list(told) == [(late.pk, DEAR, CHEAP), (batch.pk, DEAR / 2, CHEAP / 2)]
    assert "repriced: claude-sonnet-5-5 from 2026-10-07" in CostAdjustment.objects.all()[0].reason
    spent = sum(record.cost_usd for record in (early, late, batch, *others))
    assert counters(Budget.objects.get(scope="firm"))[1] == spent

    again = reprice(Which(SONNET, CHANGE, END))
    assert (again.changed, CostAdjustment.objects.count()) == (0, 2)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    before_the_change_was_entered()
    settled(READS, CHANGE, estimated_tokens=100_000)
    enter_the_change()
    since = ["--model", SONNET, "--from", "2026-10-06", "--until", "2026-10-20"]
    call_command("reprice", *since, "--dry-run")
    assert capsys.readouterr().out.splitlines() == [
        f"{SONNET}: 1 calls, 1 would change", "before 0.022 USD", "after  0.012 USD",
    ]  # fmt: skip
    call_command("reprice", *since)
    assert "1 changed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No settled call of claude-9"):
        call_command("reprice", "--model", "claude-9", "--from", "2026-10-06")
    with pytest.raises(CommandError, match="--until must be later"):
        call_command("reprice", *since[:4], "--until", "2026-10-06")
    with pytest.raises(CommandError, match="is no time"):
        call_command("reprice", "--model", SONNET, "--from", "yesterday")


def test_the_budgets_of_many_calls_follow_in_few_steps() -> None:
    """Two users, two months, one budget each: every counter moves by its own calls' difference."""
    before_the_change_was_entered()
    users = [make_user("ann"), make_user("ben")]
    Budget.objects.create(scope="user", amount_usd=50, every="month")
    Budget.objects.create(scope="firm", amount_usd=500, every="day")
    made = [
        settled(READS, at, estimated_tokens=100_000, user=user.pk, category="queries")
        for user in users
        for at in (CHANGE, CHANGE + timedelta(hours=1), CHANGE + timedelta(days=26))
    ]
    enter_the_change()
    few = queries(lambda: reprice(Which(SONNET, CHANGE, END)))
    assert {record.pk for record in made} == set(
        CostAdjustment.objects.values_list("record", flat=True)
    )
    for period in BudgetPeriod.objects.select_related("budget"):
        assert period.spent_usd == ledger_spent(period.budget, period)
    assert sum(p.spent_usd for p in BudgetPeriod.objects.filter(user=users[0])) == CHEAP * 3

    Price.objects.filter(effective_from=CHANGE).update(cache_read_usd="0.3")
    price_list.forget()
    for _ in range(20):
        settled(READS, CHANGE, estimated_tokens=100_000, user=users[0].pk, category="queries")
    Price.objects.filter(effective_from=CHANGE).update(cache_read_usd="0.2")
    price_list.forget()
    assert queries(lambda: reprice(Which(SONNET, CHANGE, END))) <= few
