"""Owning a row of work for a while: a token, and a lease that runs out by itself.

Who takes a row, changes it by one conditional update that must change exactly one row;
who has lost the token changes nothing more. Conditions look at the row alone: joined to
another table, PostgreSQL would not check them again after waiting for a rival's update.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from summaries.models import BatchItem, IngestItem

# Times that an item may be taken: an item that ends its worker each time is given up.
MOST_ATTEMPTS = 5

CLAIMED, PENDING, WAITING, FAILED = "claimed", "pending", "waiting", "failed"


class ClaimLost(Exception):
    """The lease ran out and somebody else took the item over, or the run was cancelled."""


@dataclass(frozen=True)
class Lease:
    """An item that is ours while the token stands."""

    model: type[BatchItem] | type[IngestItem]
    item_id: int
    token: UUID
    since: datetime

    def close(self, **values: Any) -> None:
        """Give the token back with the item's new values, its state among them. Raises ClaimLost."""
        self._change(claim_token=None, lease_until=None, **values)

    def release(self, reason: str, **values: Any) -> None:
        """Give the item back to be tried again. Raises ClaimLost."""
        self.close(state=PENDING, message=reason[:300], **values)

    def put_aside(self, waits_for: str) -> None:
        """Close the item until the answer under that key has come; what was done so far counts as
        no attempt. Raises ClaimLost."""
        self.close(state=WAITING, waits_for=waits_for, message="", attempts=0)

    def fail(self, message: str, **values: Any) -> None:
        """Close the item as failed; ``message`` says what to do. Raises ClaimLost."""
        self.close(state=FAILED, message=message[:300], finished_at=timezone.now(), **values)

    def renew(self, seconds: float, **values: Any) -> None:
        """Keep the item for so long from now. Raises ClaimLost."""
        self._change(lease_until=timezone.now() + timedelta(seconds=seconds), **values)

    def _change(self, **values: Any) -> None:
        held: Any = self.model._default_manager
        mine = held.filter(pk=self.item_id, claim_token=self.token, state=CLAIMED)
        if mine.update(**values) != 1:
            raise ClaimLost(f"Item {self.item_id} is no longer ours.")


def take(
    model: type[BatchItem] | type[IngestItem], item_id: int, *, seconds: float
) -> Lease | None:
    """Take an item, or None where it is closed, taken, or was taken too often."""
    now, token = timezone.now(), uuid4()
    held: Any = model.objects
    taken = (
        held.claimable(now)
        .filter(pk=item_id, attempts__lt=MOST_ATTEMPTS)
        .update(
            state=CLAIMED,
            claim_token=token,
            lease_until=now + timedelta(seconds=seconds),
            attempts=F("attempts") + 1,
        )
    )
    return Lease(model, item_id, token, now) if taken == 1 else None
