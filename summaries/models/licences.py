"""Who may read licensed research: a plan is a licence, its members those who hold it.

A document that names a plan is its members' alone, and so is everything derived from
it. A licence is no permission: an administrator without it reads nothing of it either.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q


class PlanQuerySet(models.QuerySet["Plan"]):
    def held_by(self, user: User | AnonymousUser) -> PlanQuerySet:
        """The plans of a user; none of somebody who isn't signed in or is no longer active."""
        return self.filter(members=user.pk) if user.is_active and user.pk else self.none()


class Plan(models.Model):
    """A licence to read certain research, as a publisher sells it."""

    code = models.CharField(
        max_length=80, unique=True, help_text="As the source names it: bluematrix:25203."
    )
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="plans")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("name", "code")

    def __str__(self) -> str:
        return self.name or self.code


def licensed(user: User | AnonymousUser, path: str = "plan") -> Q:
    """Rows whose document is free, or under a plan that the user holds.

    ``path`` leads from the row to the plan: "plan", "document__plan".
    """
    held: Any = Plan.objects.held_by(user).values("pk")
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": held})


def holds_every_plan(user: User | AnonymousUser) -> bool:
    """Whether nothing is kept from the user: what mixes several plans is his alone who is."""
    held = Plan.objects.held_by(user)
    return not Plan.objects.exclude(pk__in=held).exists()
