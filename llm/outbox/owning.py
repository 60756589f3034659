"""Owning a batch for a while: a token, and a lease that runs out by itself.

Taken by one conditional update that must change exactly one row. What a worker writes of a batch
it writes under its token, so that of two only one submits and only one settles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q, QuerySet

from llm.models import MessageBatch


class ClaimLost(Exception):
    """The lease ran out, and somebody else has taken the batch over."""


@dataclass(frozen=True)
class Claim:
    """A batch that is ours while the token stands."""

    batch: MessageBatch
    token: UUID

    def renew(self, until: datetime) -> None:
        """Locks the row until the transaction's end. Raises ClaimLost."""
        self.change(lease_until=until)

    def give_back(self, *, until: datetime | None = None, **values: Any) -> None:
        """``until``: nobody takes it before. Raises ClaimLost."""
        self.change(claim_token=None, lease_until=until, **values)

    def change(self, **values: Any) -> None:
        """Raises ClaimLost."""
        ours = MessageBatch.objects.filter(pk=self.batch.pk, claim_token=self.token)
        if ours.update(**values) != 1:
            raise ClaimLost(f"Message batch {self.batch.pk} is no longer ours.")


def takeable(now: datetime, *states: str) -> QuerySet[MessageBatch]:
    """Nobody's, or of somebody whose lease has run out; the oldest first."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return MessageBatch.objects.filter(free, state__in=states).order_by("pk")


def take(batch: MessageBatch, now: datetime, lease: timedelta, **values: Any) -> Claim | None:
    """None: somebody was faster. ``values`` are written with the claim."""
    token = uuid4()
    as_seen = MessageBatch.objects.filter(
        pk=batch.pk,
        state=batch.state,
        claim_token=batch.claim_token,
        lease_until=batch.lease_until,
    )
    taken = as_seen.update(claim_token=token, lease_until=now + lease, **values)
    return Claim(batch, token) if taken == 1 else None
