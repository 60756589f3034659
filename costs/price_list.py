"""Which price is in force: rows of the price list, kept in the process for a few seconds.

A price that the ledger has used is never changed, only followed by a newer one: what was
billed must be computable again from the rows.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from costs.errors import CostError, Unpriced
from costs.models import Price, UsageRecord

BUNDLED = Path(__file__).parent / "prices.csv"
# Another process sees a new price after so long at the latest.
KEPT_SECONDS = 10.0
KEY = ("provider", "model", "effective_from", "above_tokens")
VALUES = (
    "input_usd", "cache_write_usd", "cache_write_1h_usd", "cache_read_usd", "output_usd",
    "batch_factor", "source",
)  # fmt: skip

_Lists = Mapping[tuple[str, str], list[Price]]
_kept: tuple[float, _Lists] | None = None


class BadPrices(CostError):
    """A file of prices that can't be loaded; the message names the line or the rows."""


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``late``: models whose new prices begin before calls already made, with
    the moment they begin: those calls keep what they were settled at until they are repriced."""

    added: int
    changed: int
    unchanged: int
    late: tuple[tuple[str, datetime], ...] = ()


def price_for(provider: str, model: str, at: datetime, prompt_tokens: int) -> Price:
    """The band for a prompt of that length on the newest list that has begun at ``at``.

    Raises Unpriced where there is no list, or none of its bands holds the prompt.
    """
    begun = [row for row in _lists().get((provider, model), ()) if row.effective_from <= at]
    if not begun:
        raise Unpriced(provider, model)
    newest = max(row.effective_from for row in begun)
    bands = [row for row in begun if row.effective_from == newest and _holds(row, prompt_tokens)]
    if not bands:
        raise Unpriced(provider, model)
    return max(bands, key=lambda row: row.above_tokens)


def _holds(band: Price, prompt_tokens: int) -> bool:
    return band.above_tokens == 0 or prompt_tokens > band.above_tokens


def _lists() -> _Lists:
    global _kept
    kept = _kept
    if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    read_at = time.monotonic()
    lists: dict[tuple[str, str], list[Price]] = {}
    for row in Price.objects.all():
        lists.setdefault((row.provider, row.model), []).append(row)
    _kept = (read_at, lists)
    return lists


@receiver(post_save, sender=Price, dispatch_uid="forget_prices")
@receiver(post_delete, sender=Price, dispatch_uid="forget_deleted_prices")
def forget(**_: Any) -> None:
    """Read the prices anew before the next call."""
    global _kept
    _kept = None


def is_used(price: Price) -> bool:
    """Whether the ledger has calls at this price."""
    return UsageRecord.objects.filter(price=price).exists()


@transaction.atomic
def load(file: TextIO) -> Loaded:
    """Add the file's prices that are missing, and change those that no call has used yet.

    Raises BadPrices, having changed nothing, for a line that can't be read, a list without a
    base band, or another value for a price in use.
    """
    rows = list(_read(file))
    _check_base_bands(rows)
    present = {tuple(getattr(row, name) for name in KEY): row for row in Price.objects.all()}
    added: list[Price] = []
    changed: list[Price] = []
    for row in rows:
        here = present.get(tuple(getattr(row, name) for name in KEY))
        if here is None:
            row.save()
            added.append(row)
        elif differences := [name for name in VALUES if getattr(here, name) != getattr(row, name)]:
            _change(here, row, differences)
            changed.append(here)
    unchanged = len(rows) - len(added) - len(changed)
    return Loaded(len(added), len(changed), unchanged, late(added))


def _change(here: Price, wanted: Price, names: Iterable[str]) -> None:
    if set(names) != {"source"} and is_used(here):
        told = ", ".join(
            f"{name} {getattr(here, name)} → {getattr(wanted, name)}" for name in names
        )
        raise BadPrices(
            f"{here} is a price that calls were settled at, so it stays as it is ({told}). Give the "
            "new price a row of its own with a later effective_from, load again, and run "
            f"manage.py reprice --model {here.model} --from that day. Nothing was loaded."
        )
    for name in names:
        setattr(here, name, getattr(wanted, name))
    here.save()


def late(added: Iterable[Price]) -> tuple[tuple[str, datetime], ...]:
    """Models that were called since these new prices of theirs began, and since when."""
    begins: dict[tuple[str, str], datetime] = {}
    for row in added:
        if row.effective_from <= timezone.now():
            key = (row.provider, row.model)
            begins[key] = min(begins.get(key, row.effective_from), row.effective_from)
    return tuple(
        (model, at)
        for (provider, model), at in sorted(begins.items())
        if UsageRecord.objects.filter(provider=provider, model=model, sent_at__gte=at).exists()
    )


def _check_base_bands(rows: Iterable[Price]) -> None:
    rows = list(rows)
    based = {(r.provider, r.model, r.effective_from) for r in rows if r.above_tokens == 0}
    based |= set(
        Price.objects.filter(above_tokens=0).values_list("provider", "model", "effective_from")
    )
    for row in rows:
        if (row.provider, row.model, row.effective_from) not in based:
            raise BadPrices(
                f"{row} has no base band: add a row with above_tokens 0 and the same "
                "effective_from. Nothing was loaded."
            )


def _read(file: TextIO) -> Iterable[Price]:
    reader = csv.DictReader(file)
    missing = set(KEY + VALUES) - set(reader.fieldnames or ())
    if missing:
        raise BadPrices(
            f"The file has no column {', '.join(sorted(missing))}; its first line must name "
            f"{', '.join(KEY + VALUES)}."
        )
    seen: set[tuple[object, ...]] = set()
    for line in reader:
        price = _price(line, reader.line_num)
        key = tuple(getattr(price, name) for name in KEY)
        if key in seen:
            raise BadPrices(f"Line {reader.line_num}: {price} stands twice in the file.")
        seen.add(key)
        yield price


def _price(line: Mapping[str, str], number: int) -> Price:
    try:
        price = Price(
            provider=line["provider"].strip(),
            model=line["model"].strip(),
            effective_from=_moment(line["effective_from"]),
            above_tokens=int(line["above_tokens"]),
            source=line["source"].strip(),
            **{name: Decimal(line[name].strip()) for name in VALUES if name != "source"},
        )
        price.clean_fields()
        _check_amounts(price)
    except (ValueError, InvalidOperation, AttributeError, TypeError, ValidationError) as error:
        told = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise BadPrices(f"Line {number} can't be read: {told} Nothing was loaded.") from error
    return price


def _check_amounts(price: Price) -> None:
    if min(getattr(price, name) for name in VALUES if name.endswith("_usd")) < 0:
        raise ValueError("A price can't be negative.")
    if not 0 < price.batch_factor <= 1:
        raise ValueError("batch_factor must be above 0 and at most 1; 0.5 is half price.")


def _moment(text: str) -> datetime:
    """A day is its first moment, UTC."""
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
