"""What caching and batches saved, and what more they could: each figure with its rule.

What was saved is arithmetic on the ledger. What could be saved is an upper bound, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Max, Q, Sum, Value, When

from costs.models import Price, UsageRecord
from costs.reports.spending import ZERO, records
from costs.reports.window import Window

MILLION = Decimal(1_000_000)
_MONEY = DecimalField(max_digits=40, decimal_places=15)


@dataclass(frozen=True)
class Saving:
    name: str
    usd: Decimal
    rule: str
    is_bound: bool = False


def saved(window: Window) -> list[Saving]:
    """What the calls of the window would have cost more."""
    return [_by_cache(window), _by_batch(window)]


def could_save(window: Window) -> list[Saving]:
    """What the calls of the window might have cost less."""
    return [_with_batch(window), _with_cache(window), _with_small_model(window)]


def _by_cache(window: Window) -> Saving:
    """Negative where more was written than read again."""
    factor = _factor()
    gain = F("cache_read_tokens") * (F("price__input_usd") - F("price__cache_read_usd"))
    loss = F("cache_write_tokens") * (F("price__cache_write_usd") - F("price__input_usd")) + F(
        "cache_write_1h_tokens"
    ) * (F("price__cache_write_1h_usd") - F("price__input_usd"))
    usd = _sum(_settled(window), (gain - loss) * factor / MILLION)
    return Saving(
        "prompt caching", usd,
        "cached tokens at the price of new ones, less what they cost and what writing them cost more",
    )  # fmt: skip


def _by_batch(window: Window) -> Saving:
    whole = F("cost_usd") / F("price__batch_factor") - F("cost_usd")
    return Saving(
        "batches", _sum(_settled(window).filter(is_batch=True), whole),
        "the same calls at the live price",
    )  # fmt: skip


def _with_batch(window: Window) -> Saving:
    live = _settled(window).filter(is_batch=False, category="batch")
    usd = _sum(live, F("cost_usd") * (1 - F("price__batch_factor")))
    return Saving("batches", usd, "live calls of batch runs at the batch price", is_bound=True)


def _with_cache(window: Window) -> Saving:
    """For each prompt the most that a call found in the cache is what every call could find."""
    prompts = (
        _settled(window)
        .exclude(prompt="")
        .order_by()
        .values("model", "prompt", "prompt_version")
        .annotate(stable=Max("cache_read_tokens"))
        .filter(stable__gt=0)
    )
    usd = ZERO
    for one in prompts:
        missed = _settled(window).filter(
            model=one["model"], prompt=one["prompt"], prompt_version=one["prompt_version"],
            cache_read_tokens__lt=one["stable"],
        )  # fmt: skip
        short = (one["stable"] - F("cache_read_tokens")) * (
            F("price__input_usd") - F("price__cache_read_usd")
        )
        usd += _sum(missed, short * _factor() / MILLION)
    return Saving(
        "prompt caching", usd,
        "every call finding in the cache what the best call with its prompt found", is_bound=True,
    )  # fmt: skip


def _with_small_model(window: Window) -> Saving:
    """Each call at the cheapest model of its provider that was used or is priced now."""
    usd = ZERO
    for provider in _settled(window).order_by().values_list("provider", flat=True).distinct():
        small = (
            Price.objects.filter(
                provider=provider, above_tokens=0, effective_from__lt=window.end, output_usd__gt=0
            )
            .order_by("output_usd", "-effective_from")
            .first()
        )
        if small is None:
            continue
        dear = _settled(window).filter(
            provider=provider, price__output_usd__gt=small.output_usd, cost_usd__gt=0
        )
        cheap = (
            F("input_tokens") * small.input_usd
            + F("cache_write_tokens") * small.cache_write_usd
            + F("cache_write_1h_tokens") * small.cache_write_1h_usd
            + F("cache_read_tokens") * small.cache_read_usd
            + F("output_tokens") * small.output_usd
        )
        usd += _sum(dear, F("cost_usd") - cheap * _factor() / MILLION)
    return Saving(
        "routing", max(usd, ZERO),
        "every call at its provider's cheapest model, if that did as well", is_bound=True,
    )  # fmt: skip


def _settled(window: Window) -> Any:
    return records(window).filter(state=UsageRecord.State.SETTLED)


def _factor() -> Any:
    return Case(
        When(Q(is_batch=True), then=F("price__batch_factor")),
        default=Value(Decimal(1)),
        output_field=_MONEY,
    )


def _sum(rows: Any, expression: Any) -> Decimal:
    wrapped = ExpressionWrapper(expression, output_field=_MONEY)
    found: Decimal | None = rows.order_by().aggregate(usd=Sum(wrapped))["usd"]
    return found or ZERO
