"""Settled calls computed anew by the prices now on file, after a price was entered late or wrong.

Each changed cost leaves a CostAdjustment and moves its budgets. Portions of the work are
committed one by one, and a record that is right already stays: run it again after a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from costs import budgets
from costs.errors import CostError
from costs.models import CostAdjustment, Price, UsageRecord
from costs.price_list import price_for
from costs.pricing import cost

PORTION = 200


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
class Which:
    """The calls of a model sent from ``from_at`` on and before ``until_at``."""

    model: str
    from_at: datetime
    until_at: datetime


def reprice(which: Which, *, is_dry: bool = False) -> Repriced:
    """Raises NothingToReprice, and Unpriced (what was done by then stays) where the list in force
    at some call has no price. ``is_dry``: count only, change nothing."""
    records = changed = 0
    before = after = Decimal(0)
    for keys in _portions(which):
        with transaction.atomic():
            for record in (
                UsageRecord.objects.select_for_update().filter(pk__in=keys).order_by("pk")
            ):
                was = record.cost_usd
                price, usd = _now(record)
                if not is_dry:
                    _rewrite(record, price, usd)
                records, changed = records + 1, changed + (was != usd)
                before, after = before + was, after + usd
    if not records:
        raise NothingToReprice(
            f"No settled call of {which.model} was sent from {which.from_at:%Y-%m-%d %H:%M %Z} to "
            f"{which.until_at:%Y-%m-%d %H:%M %Z}."
        )
    return Repriced(records, changed, before, after)


def _portions(which: Which) -> Iterator[list[int]]:
    rows = UsageRecord.objects.filter(
        model=which.model, state=UsageRecord.State.SETTLED, sent_at__gte=which.from_at,
        sent_at__lt=which.until_at,
    )  # fmt: skip
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), PORTION):
        yield keys[start : start + PORTION]


def _now(record: UsageRecord) -> tuple[Price, Decimal]:
    price = price_for(record.provider, record.model, record.sent_at, record.tokens.prompt)
    return price, cost(record.tokens, price, is_batch=record.is_batch)


def _rewrite(record: UsageRecord, price: Price, usd: Decimal) -> None:
    was = record.cost_usd
    if (record.price_id, was) == (price.pk, usd):
        return
    record.price, record.cost_usd = price, usd
    record.save(update_fields=["price", "cost_usd"])
    if was == usd:
        return
    CostAdjustment.objects.create(
        record=record, from_usd=was, to_usd=usd,
        reason=f"repriced: {price}, {price.source}"[:200],
    )  # fmt: skip
    budgets.adjust(record, usd - was)
