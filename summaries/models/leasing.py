"""Rows of work that a worker owns for a while: what batch items and ingest items share."""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

Row = TypeVar("Row", bound=models.Model)

PENDING, CLAIMED, WAITING = "pending", "claimed", "waiting"
OPEN = (PENDING, CLAIMED, WAITING)


class LeasedQuerySet(models.QuerySet[Row]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def at_hand(self, now: datetime) -> Self:
        """Open, and nothing asked us to wait with it."""
        return self.open().exclude(state=WAITING)

    def claimable(self, now: datetime) -> Self:
        """Pending, or claimed by somebody whose lease has run out; not before its time."""
        return self.at_hand(now).exclude(state=CLAIMED, lease_until__gte=now)


class Leased(models.Model):
    """Owned while the token stands and the lease lasts."""

    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def claim_is_whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(state=CLAIMED, claim_token__isnull=False, lease_until__isnull=False)
        | ~Q(state=CLAIMED),
    )


def ended_has_date(name: str) -> models.CheckConstraint:
    """Of a run: it has an end exactly when it isn't running."""
    return models.CheckConstraint(
        name=name,
        condition=Q(state="running", finished_at__isnull=True)
        | Q(~Q(state="running"), finished_at__isnull=False),
    )
