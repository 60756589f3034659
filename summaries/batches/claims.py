"""Owning an item of a batch.

Invariant: what a worker writes for an item, it writes in one transaction that
also closes the item under its token. Who has lost the token writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from summaries.actions import Outcome
from summaries.batches.leases import MOST_ATTEMPTS, ClaimLost, Lease, take
from summaries.models import BatchItem, Stock

__all__ = ["MOST_ATTEMPTS", "ClaimLost", "ClaimedItem", "claim", "fail", "put_aside", "release"]


@dataclass(frozen=True)
class ClaimedItem:
    lease: Lease
    stock: Stock

    def close(self, outcome: Outcome) -> None:
        """Close the item; call it in the transaction that stores the outcome. Raises ClaimLost."""
        now = timezone.now()
        self.lease.close(
            state=outcome.state,
            summary=outcome.summary,
            message=outcome.message[:300],
            seconds=Decimal(str(round((now - self.lease.since).total_seconds(), 3))),
            finished_at=now,
        )


def claim(item_id: int) -> ClaimedItem | None:
    """Take the item, or None where it is closed, taken, or was taken too often."""
    lease = take(BatchItem, item_id, seconds=settings.BATCH_LEASE_SECONDS)
    if lease is None:
        return None
    return ClaimedItem(lease, BatchItem.objects.select_related("stock").get(pk=item_id).stock)


def release(claimed: ClaimedItem, reason: str) -> None:
    """Give the item back to be tried again. Raises ClaimLost."""
    claimed.lease.release(reason)


def put_aside(claimed: ClaimedItem, waits_for: str) -> None:
    """Leave the item until a Message Batch has brought the answer. Raises ClaimLost."""
    claimed.lease.put_aside(waits_for)


def fail(claimed: ClaimedItem, message: str) -> None:
    """Close the item as failed; ``message`` says what to do. Raises ClaimLost."""
    claimed.lease.fail(message)
