"""Rows that budgets' tests need: budgets, ledger rows, and calls on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from costs.budgets import reserve, spend
from costs.models import Budget, BudgetPeriod, Price, Team, UsageRecord

AT = datetime(2026, 11, 18, 15, tzinfo=UTC)  # a Wednesday


def usd(amount: str | int) -> Decimal:
    return Decimal(str(amount))


def budget(scope: str = "firm", amount: str | int = 100, **given: object) -> Budget:
    return Budget.objects.create(scope=scope, amount_usd=usd(amount), **given)


def price() -> Price:
    found, _ = Price.objects.get_or_create(
        provider="anthropic", model="claude-haiku-5-5", effective_from=datetime(2026, 1, 1, tzinfo=UTC),
        defaults={
            "input_usd": 1, "cache_write_usd": 1, "cache_write_1h_usd": 1, "cache_read_usd": 1,
            "output_usd": 1,
        },
    )  # fmt: skip
    return found


def record(
    category: str = "queries", *, at: datetime = AT, user: User | None = None,
    team: Team | None = None, provider: str = "anthropic",
) -> UsageRecord:  # fmt: skip
    return UsageRecord.objects.create(
        provider=provider, model="claude-haiku-5-5", operation="write", category=category,
        agent="tests", user=user, team=team, price=price(), sent_at=at,
    )  # fmt: skip


def reserved(amount: str | int, category: str = "queries", **given: object) -> UsageRecord:
    """A call on its way that holds back ``amount``."""
    with transaction.atomic():
        made = record(category, **given)  # type: ignore[arg-type]
        reserve([(made, usd(amount))])
    return made


def settle(made: UsageRecord, amount: str | int) -> None:
    """The call's end, as the ledger writes it."""
    with transaction.atomic():
        UsageRecord.objects.filter(pk=made.pk).update(
            state="settled", cost_usd=usd(amount), ended_at=made.sent_at
        )
        spend(made, usd(amount))


def spent(amount: str | int, category: str = "queries", **given: object) -> UsageRecord:
    """A call that cost ``amount``, from reservation to bill."""
    made = reserved(amount, category, **given)
    settle(made, amount)
    return made


def counters() -> dict[str, tuple[object, object]]:
    """Spent and reserved by budget; the rows that are there."""
    return {
        f"{row.budget.scope}{f' {row.user}' if row.user else ''} {row.starts_at:%Y-%m-%d}": (
            row.spent_usd.normalize(), row.reserved_usd.normalize()
        )
        for row in BudgetPeriod.objects.select_related("budget", "user")
    }  # fmt: skip
