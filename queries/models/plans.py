"""What a user may ask for: how often, how deep, how long a conversation is kept.

No licence: those are ``summaries.models.Plan``. A user without a row has the default plan.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q

from queries.values import Depth

# Where no row is the default, as in a database that was emptied.
FALLBACK: dict[str, Any] = {
    "name": "pro",
    "requests_a_minute": 30,
    "requests_a_day": 1_000,
    "at_once": 4,
    "depths": [depth.value for depth in Depth],
    "conversation_days": 365,
    "may_stream": True,
}


def known_depths(value: object) -> None:
    """Raises ValidationError, which says what it must be."""
    known = [depth.value for depth in Depth]
    if not isinstance(value, list) or not value or not all(one in known for one in value):
        raise ValidationError(
            f"Depths are a list of at least one of {', '.join(known)}, such as {known[:2]}."
        )


class UsagePlan(models.Model):
    name = models.SlugField(max_length=40, unique=True, help_text="free, pro, enterprise.")
    requests_a_minute = models.PositiveIntegerField(help_text="In any 60 seconds.")
    requests_a_day = models.PositiveIntegerField(help_text="In a day of the firm's clock.")
    at_once = models.PositiveSmallIntegerField(help_text="Questions that are answered at once.")
    depths = models.JSONField(
        validators=[known_depths], help_text="Which may be asked for: quick, standard, deep."
    )
    conversation_days = models.PositiveIntegerField(help_text="How long a conversation is kept.")
    may_stream = models.BooleanField(default=True)
    is_default = models.BooleanField(
        default=False, help_text="Of everybody without a plan of their own."
    )

    class Meta:
        ordering = ("requests_a_day", "name")
        constraints = (
            models.UniqueConstraint(
                name="usage_plan_one_default", fields=["is_default"], condition=Q(is_default=True)
            ),
            models.CheckConstraint(
                name="usage_plan_allows_something",
                condition=Q(
                    requests_a_minute__gte=1,
                    requests_a_day__gte=1,
                    at_once__gte=1,
                    conversation_days__gte=1,
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name


def all_plans() -> list[UsagePlan]:
    """With the one of everybody without a plan of their own, whether it has a row or not."""
    plans = list(UsagePlan.objects.all())
    is_there = any(one.is_default for one in plans)
    return plans if is_there else [*plans, UsagePlan(**FALLBACK, is_default=True)]


class UserPlan(models.Model):
    """Which plan a user has."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="usage_plan"
    )
    plan = models.ForeignKey(UsagePlan, on_delete=models.PROTECT, related_name="holders")
    since = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("user",)
        verbose_name = "user's plan"
        verbose_name_plural = "users' plans"

    def __str__(self) -> str:
        return f"{self.user}: {self.plan}"


# Asked for each question: the ORM takes five times as long to write it as the database to answer.
_COLUMNS = (
    "id", "name", "requests_a_minute", "requests_a_day", "at_once", "depths", "conversation_days",
    "may_stream", "is_default",
)  # fmt: skip
_PLAN = f"""
SELECT {", ".join(_COLUMNS)} FROM queries_usageplan
WHERE is_default OR id = (SELECT plan_id FROM queries_userplan WHERE user_id = %s)
ORDER BY is_default LIMIT 1
"""  # noqa: S608 - constants


def plan_of(user: int) -> UsagePlan:
    """The user's plan, else the default one, else FALLBACK. ``user``: the id. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [user])
        row = cursor.fetchone()
    if row is None:
        return UsagePlan(**FALLBACK)
    plan = UsagePlan.from_db(None, _COLUMNS, row)
    if isinstance(plan.depths, str):  # JSON comes as text past the ORM
        plan.depths = json.loads(plan.depths)
    return plan
