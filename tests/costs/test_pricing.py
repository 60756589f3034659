from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costs.pricing import cost, worst
from costs.tokens import Tokens

COUNT = st.integers(0, 2**31 - 1)
USD = st.decimals(0, 999_999, places=6)
FACTOR = st.decimals(Decimal("0.001"), 1, places=3)


@dataclass(frozen=True)
class Band:
    input_usd: Decimal
    cache_write_usd: Decimal
    cache_write_1h_usd: Decimal
    cache_read_usd: Decimal
    output_usd: Decimal
    batch_factor: Decimal


BANDS = st.builds(Band, USD, USD, USD, USD, USD, FACTOR)
SONNET = Band(
    Decimal(2), Decimal("2.50"), Decimal(4), Decimal("0.20"), Decimal(10), Decimal("0.5")
)  # fmt: skip
TOKENS = st.builds(Tokens, COUNT, COUNT, COUNT, COUNT, COUNT)


def at_one_price(usd: str) -> Band:
    """A thousandth of it in a batch."""
    each = Decimal(usd)
    return Band(each, each, each, each, each, Decimal("0.001"))


def test_each_class_has_its_own_price() -> None:
    million = 1_000_000
    each = [
        Tokens(input=million),
        Tokens(cache_write=million),
        Tokens(cache_write_1h=million),
        Tokens(cache_read=million),
        Tokens(output=million, thinking=million),
    ]
    assert [cost(one, SONNET, is_batch=False) for one in each] == [
        2, Decimal("2.5"), 4, Decimal("0.2"), 10,
    ]  # fmt: skip


def test_the_arithmetic_of_a_thousand_stocks() -> None:
    """20,000 tokens in and 1,200 out, a thousand times: 52 USD live, 26 in a batch."""
    one = Tokens(input=20_000, output=1_200)
    assert cost(one, SONNET, is_batch=False) * 1000 == 52
    assert cost(one, SONNET, is_batch=True) * 1000 == 26


def test_a_single_token_of_the_cheapest_price_is_not_rounded_away() -> None:
    cheap = at_one_price("0.000001")
    assert cost(Tokens(input=1), cheap, is_batch=True) == Decimal("1E-15")


def test_a_price_with_more_places_than_its_column_is_an_error_not_a_rounding() -> None:
    odd = at_one_price("0.0000001")
    with pytest.raises(Inexact):
        cost(Tokens(input=1), odd, is_batch=True)


@given(TOKENS, BANDS, st.booleans())
def test_cost_is_the_fraction_to_the_last_place(tokens: Tokens, band: Band, batch: bool) -> None:
    factor = int(band.batch_factor * 1000) if batch else 1000
    parts = (
        (tokens.input, band.input_usd),
        (tokens.cache_write, band.cache_write_usd),
        (tokens.cache_write_1h, band.cache_write_1h_usd),
        (tokens.cache_read, band.cache_read_usd),
        (tokens.output, band.output_usd),
    )
    whole = sum(count * int(usd * 10**6) for count, usd in parts) * factor
    exact = cost(tokens, band, is_batch=batch)
    assert exact.as_tuple().exponent == -15
    assert int(exact.scaleb(15)) == whole


@given(TOKENS, TOKENS, BANDS, st.booleans())
def test_costs_add_up(one: Tokens, other: Tokens, band: Band, batch: bool) -> None:
    apart = cost(one, band, is_batch=batch) + cost(other, band, is_batch=batch)
    assert cost(one + other, band, is_batch=batch) == apart


@given(TOKENS, BANDS, st.booleans())
def test_no_use_of_a_prompt_costs_more_than_the_worst(
    tokens: Tokens, band: Band, batch: bool
) -> None:
    most = worst(tokens.prompt, tokens.output, band, is_batch=batch)
    assert cost(tokens, band, is_batch=batch) <= most


@given(COUNT, COUNT, BANDS)
def test_the_worst_is_not_beyond_what_can_happen(prompt: int, output: int, band: Band) -> None:
    uses = [
        Tokens(input=prompt, output=output),
        Tokens(cache_write=prompt, output=output),
        Tokens(cache_write_1h=prompt, output=output),
        Tokens(cache_read=prompt, output=output),
    ]
    assert worst(prompt, output, band, is_batch=False) == max(
        cost(use, band, is_batch=False) for use in uses
    )
