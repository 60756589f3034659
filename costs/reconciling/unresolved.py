"""Calls whose end nobody knows: listed by age, and closed by an operator's word if need be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from costs import ledger
from costs.ledger import AlreadyEnded
from costs.models import UsageRecord


@dataclass(frozen=True)
class Unresolved:
    """A call in ``unknown``."""

    record: UsageRecord
    age: timedelta


def unresolved(older_than: timedelta = timedelta(0)) -> list[Unresolved]:
    """The oldest first."""
    now = timezone.now()
    rows = UsageRecord.objects.filter(
        state=UsageRecord.State.UNKNOWN, sent_at__lte=now - older_than
    )
    return [Unresolved(row, now - row.sent_at) for row in rows.order_by("sent_at", "pk")]


def assume_billed(older_than: timedelta) -> int:
    """Settle the unknown calls at our own count; an export may still correct them."""
    return sum(_closed(one.record.pk, is_billed=True) for one in unresolved(older_than))


def assume_not_billed(older_than: timedelta) -> int:
    """Close the unknown calls as free; an export that has one still settles it."""
    return sum(_closed(one.record.pk, is_billed=False) for one in unresolved(older_than))


def _closed(pk: int, *, is_billed: bool) -> bool:
    try:
        if is_billed:
            ledger.assume_billed(pk, reason="an operator took it for billed")
        else:
            ledger.write_off(
                pk, error="assumed_not_billed", reason="an operator took it for not billed"
            )
    except AlreadyEnded:  # its worker came back meanwhile
        return False
    return True
