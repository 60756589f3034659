"""What tokens cost: exact arithmetic on a band of a price list, nothing rounded. Pure."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, localcontext
from typing import Protocol

from costs.tokens import Tokens

MILLION = Decimal(1_000_000)
# Six decimals of a price, six of a million, three of a batch factor: no cost has more places.
PLACES = Decimal("1E-15")
_EXACT = Context(prec=60, traps=[Inexact])


class PriceBand(Protocol):
    """USD for a million tokens of each class; a factor on all of them in a batch."""

    @property
    def input_usd(self) -> Decimal: ...
    @property
    def cache_write_usd(self) -> Decimal: ...
    @property
    def cache_write_1h_usd(self) -> Decimal: ...
    @property
    def cache_read_usd(self) -> Decimal: ...
    @property
    def output_usd(self) -> Decimal: ...
    @property
    def batch_factor(self) -> Decimal: ...


def cost(tokens: Tokens, price: PriceBand, *, is_batch: bool) -> Decimal:
    """USD, exact, with 15 decimal places.

    Raises decimal.Inexact for a price with more places than its column has: nothing is rounded.
    """
    with localcontext(_EXACT):
        millionths = (
            tokens.input * price.input_usd
            + tokens.cache_write * price.cache_write_usd
            + tokens.cache_write_1h * price.cache_write_1h_usd
            + tokens.cache_read * price.cache_read_usd
            + tokens.output * price.output_usd
        )
        factor = price.batch_factor if is_batch else 1
        return (millionths * factor / MILLION).quantize(PLACES)


def worst(
    prompt_tokens: int, most_output_tokens: int, price: PriceBand, *, is_batch: bool
) -> Decimal:
    """USD that a call of this length can't exceed: all of its prompt at the dearest class that a
    prompt's token can fall into, and as much output as it may write."""
    dearest = max(
        ("input", price.input_usd),
        ("cache_write", price.cache_write_usd),
        ("cache_write_1h", price.cache_write_1h_usd),
        ("cache_read", price.cache_read_usd),
        key=lambda named: named[1],
    )[0]
    most = Tokens(**{dearest: prompt_tokens}, output=most_output_tokens)
    return cost(most, price, is_batch=is_batch)
