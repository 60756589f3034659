"""Settled calls computed anew by the prices now on file, after a price was entered late or wrong.

Each changed cost leaves a CostAdjustment and moves its budgets. Portions of the work are
committed one by one, and a record that is right already stays: run it again after a crash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from costs import budgets
from costs.errors import CostError
from costs.models import CostAdjustment, Price, UsageRecord
from costs.price_list import price_for
from costs.pricing import cost

PORTION = 500


class NothingToReprice(CostError):
    """No settled call of that model in that time."""


@dataclass(frozen=True)
class Repriced:
    """``records``: looked at; ``changed``: with another cost now. USD of all of them, exact."""

    records: int
    changed: int
    before_usd: Decimal
    after_usd: Decimal


@dataclass(frozen=True)
class Change:
    """A record, what it was settled at, and what it costs by the prices now."""

    record: UsageRecord
    was_price: int
    was_usd: Decimal
    price: Price
    usd: Decimal

    @property
    def delta_usd(self) -> Decimal:
        return self.usd - self.was_usd

    @property
    def is_new(self) -> bool:
        return (self.was_price, self.was_usd) != (self.price.pk, self.usd)


@dataclass(frozen=True)
class Which:
    """The calls of a model sent from ``from_at`` on and before ``until_at``."""

    model: str
    from_at: datetime
    until_at: datetime


def reprice(which: Which, *, is_dry: bool = False) -> Repriced:
    """Raises NothingToReprice, and Unpriced (what was done by then stays) where the list in force
    at some call has no price. ``is_dry``: count only, change nothing."""
    looked_at: list[Change] = []
    for keys in _portions(which):
        with transaction.atomic():
            rows = UsageRecord.objects.select_for_update().filter(pk__in=keys).order_by("pk")
            changes = [_change(record) for record in rows]
            if not is_dry:
                _rewrite([one for one in changes if one.is_new])
        looked_at += changes
    if not looked_at:
        raise NothingToReprice(
            f"No settled call of {which.model} was sent from {which.from_at:%Y-%m-%d %H:%M %Z} to "
            f"{which.until_at:%Y-%m-%d %H:%M %Z}."
        )
    return Repriced(
        records=len(looked_at),
        changed=sum(one.delta_usd != 0 for one in looked_at),
        before_usd=sum((one.was_usd for one in looked_at), Decimal(0)),
        after_usd=sum((one.usd for one in looked_at), Decimal(0)),
    )


def _portions(which: Which) -> Iterator[list[int]]:
    rows = UsageRecord.objects.filter(
        model=which.model, state=UsageRecord.State.SETTLED, sent_at__gte=which.from_at,
        sent_at__lt=which.until_at,
    )  # fmt: skip
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), PORTION):
        yield keys[start : start + PORTION]


def _change(record: UsageRecord) -> Change:
    price = price_for(record.provider, record.model, record.sent_at, record.tokens.prompt)
    usd = cost(record.tokens, price, is_batch=record.is_batch)
    return Change(record, record.price_id, record.cost_usd, price, usd)


def _rewrite(changes: Sequence[Change]) -> None:
    for one in changes:
        one.record.price, one.record.cost_usd = one.price, one.usd
    UsageRecord.objects.bulk_update([one.record for one in changes], ["price", "cost_usd"])
    moved = [one for one in changes if one.delta_usd]
    CostAdjustment.objects.bulk_create(
        CostAdjustment(
            record=one.record, from_usd=one.was_usd, to_usd=one.usd,
            reason=f"repriced: {one.price}, {one.price.source}"[:200],
        )
        for one in moved
    )  # fmt: skip
    for record, delta in _by_budget(moved):
        budgets.adjust(record, delta)


def _by_budget(changes: Iterable[Change]) -> Iterator[tuple[UsageRecord, Decimal]]:
    """One record, and the sum, of those whose spending the same budgets' periods count."""
    zone = timezone.get_default_timezone()
    groups: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for one in changes:
        record = one.record
        day = record.sent_at.astimezone(zone).date()
        groups[record.category, record.team_id, record.user_id, day].append(one)
    for group in groups.values():
        yield group[0].record, sum((one.delta_usd for one in group), Decimal(0))
