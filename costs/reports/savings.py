"""What caching and batches saved, and what more they could: each figure with its rule.

What was saved is arithmetic on the ledger. What could be saved is an upper bound, and says so:
the bounds overlap, so they don't add up. The database adds up tokens by price; money is then
computed by the same exact arithmetic as a call's cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from costs.models import Category, Price
from costs.pricing import cost
from costs.reports.window import Window
from costs.tokens import Tokens

ZERO = Decimal(0)
_ENDLESS = 2**31 - 1


@dataclass(frozen=True)
class Saving:
    name: str
    usd: Decimal
    rule: str
    is_bound: bool = False


@dataclass(frozen=True)
class Savings:
    """``saved``: what the settled calls of a window would have cost more, negative where writing
    caches cost more than reading them gave. ``could_save``: what they might have cost less."""

    saved: tuple[Saving, ...]
    could_save: tuple[Saving, ...]


@dataclass(frozen=True)
class Bought:
    """The tokens of settled calls at one price. ``small``: what their provider's cheapest model
    charges for prompts so long. ``missed``: tokens that the best call with the same prompt found
    in the cache and these had to pay for, as they were paid for."""

    price: Price
    is_batch: bool
    category: str
    small: Price | None
    used: Tokens
    missed: Tokens

    @property
    def usd(self) -> Decimal:
        return cost(self.used, self.price, is_batch=self.is_batch)


def savings(window: Window) -> Savings:
    bought = list(_bought(window))

    def told(name: str, of: Callable[[Bought], Decimal], rule: str) -> Saving:
        is_bound = of in (_with_batch, _with_cache, _with_small_model)
        return Saving(name, sum(map(of, bought), ZERO), rule, is_bound)

    return Savings(
        saved=(
            told(
                "prompt caching", _by_cache,
                "all prompt tokens at the price of new ones, less what reading and writing the "
                "cache cost",
            ),
            told("batches", _by_batch, "the same calls at the live price, less what they cost"),
        ),
        could_save=(
            told("batches", _with_batch, "live calls of batch runs at the batch price"),
            told(
                "prompt caching", _with_cache,
                "every call finding in the cache what the best call with its prompt found",
            ),
            told(
                "routing", _with_small_model,
                "every call at its provider’s cheapest model, if that did as well",
            ),
        ),
    )  # fmt: skip


def _by_cache(one: Bought) -> Decimal:
    anew = Tokens(input=one.used.prompt, output=one.used.output)
    return cost(anew, one.price, is_batch=one.is_batch) - one.usd


def _by_batch(one: Bought) -> Decimal:
    return cost(one.used, one.price, is_batch=False) - one.usd


def _with_batch(one: Bought) -> Decimal:
    if one.is_batch or one.category != Category.BATCH:
        return ZERO
    return one.usd - cost(one.used, one.price, is_batch=True)


def _with_cache(one: Bought) -> Decimal:
    paid = cost(one.missed, one.price, is_batch=one.is_batch)
    found = Tokens(cache_read=one.missed.prompt)
    return paid - cost(found, one.price, is_batch=one.is_batch)


def _with_small_model(one: Bought) -> Decimal:
    if one.small is None:
        return ZERO
    return max(ZERO, one.usd - cost(one.used, one.small, is_batch=one.is_batch))


def _bought(window: Window) -> Iterable[Bought]:
    prices = Price.objects.in_bulk()
    bands = list(_small_bands(prices, min(window.end, timezone.now())))
    asked: dict[str, Any] = {
        "start": window.start, "end": window.end,
        "bands": [band.pk for band, _ in bands],
        "providers": [band.provider for band, _ in bands],
        # A prompt of no tokens is in the base band too.
        "above": [band.above_tokens or -1 for band, _ in bands],
        "up_to": [up_to for _, up_to in bands],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        for price, is_batch, category, small, *tokens in cursor.fetchall():
            used, missed = Tokens(*map(int, tokens[:5])), Tokens(*map(int, tokens[5:]))
            yield Bought(prices[price], is_batch, category, prices.get(small), used, missed)


def _small_bands(prices: Mapping[int, Price], at: datetime) -> Iterable[tuple[Price, int]]:
    """Of each provider's cheapest model that writes: its bands in force, and how far they go."""
    newest: dict[tuple[str, str], datetime] = {}
    for row in prices.values():
        if row.effective_from <= at:
            key = row.provider, row.model
            newest[key] = max(row.effective_from, newest.get(key, row.effective_from))
    lists: dict[tuple[str, str], list[Price]] = {}
    for row in sorted(prices.values(), key=lambda row: row.above_tokens):
        if newest.get((row.provider, row.model)) == row.effective_from:
            lists.setdefault((row.provider, row.model), []).append(row)
    writing = [of for of in lists.values() if of[0].output_usd > 0]
    cheapest: dict[str, list[Price]] = {}
    for of in sorted(writing, key=lambda of: (of[0].output_usd, of[0].input_usd, of[0].model)):
        cheapest.setdefault(of[0].provider, of)
    for of in cheapest.values():
        ends = [*(row.above_tokens for row in of[1:]), _ENDLESS]
        yield from zip(of, ends, strict=True)


# stable: the most that a call with a prompt found in the cache; short: what another one found
# less of it. Of that, what it wrote into a cache comes first, because it paid the most for it.
_SQL = """
WITH stable AS (
    SELECT model, prompt, prompt_version, max(cache_read_tokens) AS most
    FROM costs_usagerecord
    WHERE state = 'settled' AND sent_at >= %(start)s AND sent_at < %(end)s AND prompt <> ''
    GROUP BY model, prompt, prompt_version
), small AS (
    SELECT * FROM unnest(
        %(bands)s::bigint[], %(providers)s::text[], %(above)s::bigint[], %(up_to)s::bigint[]
    ) AS band (id, provider, above, up_to)
), calls AS (
    SELECT r.*, input_tokens + cache_write_tokens + cache_write_1h_tokens + cache_read_tokens
            AS prompt_tokens
    FROM costs_usagerecord r
    WHERE state = 'settled' AND sent_at >= %(start)s AND sent_at < %(end)s
), missing AS (
    SELECT calls.*, small.id AS small,
        greatest(0, least(coalesce(most, 0), prompt_tokens) - cache_read_tokens) AS short
    FROM calls
    LEFT JOIN stable USING (model, prompt, prompt_version)
    LEFT JOIN small ON small.provider = calls.provider
        AND prompt_tokens > small.above AND prompt_tokens <= small.up_to
)
SELECT price_id, is_batch, category, small,
    sum(input_tokens), sum(cache_write_tokens), sum(cache_write_1h_tokens),
    sum(cache_read_tokens), sum(output_tokens),
    sum(greatest(0, short - cache_write_1h_tokens - cache_write_tokens)),
    sum(greatest(0, least(short - cache_write_1h_tokens, cache_write_tokens))),
    sum(least(short, cache_write_1h_tokens))
FROM missing GROUP BY price_id, is_batch, category, small
"""
