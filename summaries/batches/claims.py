"""Owning an item for a while.

Invariant: what a worker writes for an item, it writes in one transaction that
also closes the item under its token. Who has lost the token writes nothing.
Conditions look at the item's row alone: joined to another table, PostgreSQL
would not check them again after waiting for a rival's update.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from summaries.actions import Outcome
from summaries.models import BatchItem, Stock

State = BatchItem.State

# Times that an item may be claimed: an item that ends its worker each time is given up.
MOST_ATTEMPTS = 5


class ClaimLost(Exception):
    """The lease ran out and somebody else took the item over, or the run was cancelled."""


@dataclass(frozen=True)
class ClaimedItem:
    item_id: int
    token: UUID
    since: datetime
    stock: Stock

    def close(self, outcome: Outcome) -> None:
        """Close the item; call it in the transaction that stores the outcome. Raises ClaimLost."""
        now = timezone.now()
        _update(
            self,
            state=outcome.state,
            summary=outcome.summary,
            message=outcome.message[:300],
            seconds=Decimal(str(round((now - self.since).total_seconds(), 3))),
            finished_at=now,
        )


def claim(item_id: int) -> ClaimedItem | None:
    """Take the item, or None where it is closed, taken, or was taken too often."""
    now, token = timezone.now(), uuid4()
    taken = (
        BatchItem.objects.claimable(now)
        .filter(pk=item_id, attempts__lt=MOST_ATTEMPTS)
        .update(
            state=State.CLAIMED,
            claim_token=token,
            lease_until=now + timedelta(seconds=settings.BATCH_LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    )
    if taken != 1:
        return None
    item = BatchItem.objects.select_related("stock").get(pk=item_id)
    return ClaimedItem(item_id, token, now, item.stock)


def release(claimed: ClaimedItem, reason: str) -> None:
    """Give the item back to be tried again. Raises ClaimLost."""
    _update(claimed, state=State.PENDING, message=reason[:300])


def fail(claimed: ClaimedItem, message: str) -> None:
    """Close the item as failed; ``message`` says what to do. Raises ClaimLost."""
    _update(claimed, state=State.FAILED, message=message[:300], finished_at=timezone.now())


def _update(claimed: ClaimedItem, **values: object) -> None:
    changed = BatchItem.objects.filter(
        pk=claimed.item_id, claim_token=claimed.token, state=State.CLAIMED
    ).update(claim_token=None, lease_until=None, **values)
    if changed != 1:
        raise ClaimLost(f"Item {claimed.item_id} is no longer ours.")
