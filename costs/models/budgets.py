"""Budgets: reserved before a call, spent after it, never overspent by two at once.

The counters of a period change only by conditional updates, in the transaction that writes
the ledger: what they say is the sum of the reservations and the settled costs.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from costs.models.usage import Team, UsageRecord


class BudgetQuerySet(models.QuerySet["Budget"]):
    def enabled(self) -> Self:
        return self.filter(is_enabled=True)


class Budget(models.Model):
    class Scope(models.TextChoices):
        FIRM = "firm", "firm"
        BATCH = "batch", "batch"
        QUERIES = "queries", "queries"
        INFRASTRUCTURE = "infrastructure", "infrastructure"
        TEAM = "team", "team"
        USER = "user", "user"

    class Every(models.TextChoices):
        DAY = "day", "day"
        WEEK = "week", "week"
        MONTH = "month", "month"

    scope = models.CharField(max_length=14, choices=Scope.choices)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, help_text="Of a team's budget."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE,
        help_text="Of one user's budget; empty: each user has this much.",
    )  # fmt: skip
    amount_usd = models.DecimalField(max_digits=12, decimal_places=2)
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.MONTH)
    is_enabled = models.BooleanField(default=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ("scope", "team", "user", "every")
        constraints = (
            models.UniqueConstraint(
                name="budget_once", fields=["scope", "team", "user", "every"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="budget_team_named", condition=Q(scope="team") | Q(team__isnull=True)
            ),
            models.CheckConstraint(
                name="budget_has_team", condition=~Q(scope="team") | Q(team__isnull=False)
            ),
            models.CheckConstraint(
                name="budget_user_named", condition=Q(scope="user") | Q(user__isnull=True)
            ),
            models.CheckConstraint(name="budget_not_negative", condition=Q(amount_usd__gte=0)),
        )  # fmt: skip

    def __str__(self) -> str:
        whose = self.team or self.user
        return f"{self.scope}{f' {whose}' if whose else ''}, a {self.every}"


class BudgetPeriod(models.Model):
    """One calendar period of a budget, in the firm's time zone."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="periods")
    # The user whose spending it counts, where one budget stands for each user.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="The first moment of the next period.")
    reserved_usd = models.DecimalField(max_digits=24, decimal_places=15, default=0)
    spent_usd = models.DecimalField(max_digits=24, decimal_places=15, default=0)

    class Meta:
        ordering = ("-starts_at", "budget")
        constraints = (
            models.UniqueConstraint(
                name="budget_period_once", fields=["budget", "user", "starts_at"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="budget_period_is_long", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="budget_period_not_negative",
                condition=Q(reserved_usd__gte=0) & Q(spent_usd__gte=0),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.budget} from {self.starts_at:%Y-%m-%d}"


class Reservation(models.Model):
    """What a call holds back in a budget's period until it is settled; gone after that."""

    record = models.ForeignKey(UsageRecord, on_delete=models.CASCADE, related_name="reservations")
    period = models.ForeignKey(BudgetPeriod, on_delete=models.CASCADE, related_name="reservations")
    usd = models.DecimalField(max_digits=24, decimal_places=15)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="reservation_once", fields=["record", "period"]),
        )

    def __str__(self) -> str:
        return f"{self.usd} of {self.period}"


class BudgetAlert(models.Model):
    """A threshold that a period passed; once each."""

    class Threshold(models.IntegerChoices):
        HALF = 50, "50 %: e-mail"
        THREE_QUARTERS = 75, "75 %: Slack"
        NINE_TENTHS = 90, "90 %: PagerDuty"
        ALL = 100, "100 %: stop"

    class Delivery(models.TextChoices):
        PENDING = "pending", "to be sent"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        NOT_SET_UP = "not_set_up", "channel not set up"

    period = models.ForeignKey(BudgetPeriod, on_delete=models.CASCADE, related_name="alerts")
    threshold = models.PositiveSmallIntegerField(choices=Threshold.choices)
    raised_at = models.DateTimeField(auto_now_add=True)
    spent_usd = models.DecimalField(max_digits=24, decimal_places=15)
    amount_usd = models.DecimalField(max_digits=12, decimal_places=2)
    forecast_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-raised_at", "-threshold")
        constraints = (
            models.UniqueConstraint(name="budget_alert_once", fields=["period", "threshold"]),
        )

    def __str__(self) -> str:
        return f"{self.threshold} % of {self.period}"
