"""What was saved and what could be, against sums by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from costs.reports.savings import savings
from costs.reports.window import window
from costs.tokens import Tokens
from tests.costs.reports_rows import HAIKU, LUNA, SONNET, add, bands, price, row

pytestmark = pytest.mark.django_db
MONTH = window("2026-11")
D = Decimal


def saved() -> dict[str, Decimal]:
    return {one.name: one.usd for one in savings(MONTH).saved}


def could_save() -> dict[str, Decimal]:
    return {one.name: one.usd for one in savings(MONTH).could_save}


def test_nothing_saves_nothing() -> None:
    found = savings(MONTH)
    assert {one.usd for one in (*found.saved, *found.could_save)} == {D(0)}
    assert [one.is_bound for one in found.saved] == [False, False]
    assert [one.is_bound for one in found.could_save] == [True, True, True]


def test_the_cache_gives_what_reading_saves_less_what_writing_adds() -> None:
    of = price()  # 2 new, 2.50 and 4 written, 0.20 read
    add(
        row(of, Tokens(1000, cache_read=10_000, output=100)),  # 10,000 x 1.80 = 18,000
        row(of, Tokens(1000, cache_write=4000, output=100)),  # 4,000 x -0.50 = -2,000
        row(of, Tokens(1000, cache_write_1h=1000)),  # 1,000 x -2 = -2,000
    )
    assert saved()["prompt caching"] == D("0.014")


def test_a_cache_that_nobody_reads_costs() -> None:
    add(row(price(), Tokens(0, cache_write=2_000_000)))
    assert saved()["prompt caching"] == D("-1")


def test_in_a_batch_the_cache_saves_half_as_much() -> None:
    add(row(price(), Tokens(1000, cache_read=10_000), is_batch=True))
    assert saved()["prompt caching"] == D("0.009")


def test_batches_saved_the_rest_of_the_live_price() -> None:
    of, third = price(), price(HAIKU, batch_factor="0.333")
    add(
        row(of, Tokens(1000, output=1000), is_batch=True),  # 12,000 live, half of it paid
        row(third, Tokens(1000, output=1000), is_batch=True),  # 12,000 x 0.667 = 8,004
        row(of, Tokens(1000, output=1000)),
    )
    assert saved()["batches"] == D("0.006") + D("0.008004")


def test_a_batch_could_have_taken_live_calls_of_runs_alone() -> None:
    of = price()
    add(
        row(of, Tokens(1000, output=1000)),  # 12,000, half could be saved
        row(of, Tokens(1000, output=1000), category="queries"),
        row(of, Tokens(1000, output=1000), is_batch=True),
    )
    assert could_save()["batches"] == D("0.006")


def test_only_settled_calls_of_the_window_count() -> None:
    of = price()
    add(
        row(of, Tokens(1000, cache_read=1000), state="unknown", error="timed_out"),
        row(of, Tokens(1000, cache_read=1000), at=MONTH.end),
        row(of, Tokens(1000, cache_read=1000), at=datetime(2026, 10, 31, tzinfo=UTC)),
    )
    assert {*saved().values(), *could_save().values()} == {D(0)}


def test_what_others_found_in_the_cache_could_be_found_by_all() -> None:
    of = price()
    claims: dict[str, Any] = {"prompt": "claims", "prompt_version": "1"}
    add(
        row(of, Tokens(1000, cache_read=5000), **claims),  # the best: 5,000
        row(of, Tokens(6000), **claims),  # misses 5,000 x 1.80 = 9,000
        row(of, Tokens(1000, cache_write=5000), **claims),  # wrote it: 5,000 x 2.30 = 11,500
        row(of, Tokens(1000, cache_write_1h=2000), **claims),  # only 3,000 long: 1,000 x 1.80
        #                                                        and 2,000 x 3.80: 9,400
        row(of, Tokens(1000, cache_read=3000), **claims),  # 1,000 left to find: 1,800
        row(of, Tokens(6000), **claims, is_batch=True),  # half of 9,000
        row(of, Tokens(9000), prompt="claims", prompt_version="2"),  # another prompt
        row(of, Tokens(9000)),  # none
        row(price(HAIKU), Tokens(9000), **claims),  # another model, another cache
    )
    assert could_save()["prompt caching"] == D("0.0362")


def test_the_cheapest_model_of_the_same_provider_in_the_band_of_the_prompt() -> None:
    lists = bands()
    small, long_small = lists[HAIKU]
    sonnet, luna = lists[SONNET][0], lists[LUNA][0]
    add(
        row(sonnet, Tokens(1000, output=1000)),  # 12,000; small 100 + 500: 11,400 less
        row(sonnet, Tokens(1000, output=1000), is_batch=True),  # half of it: 5,700
        row(sonnet, Tokens(150_000)),  # 300,000; in small's long band 75,000: 225,000 less
        row(sonnet, Tokens(100_000)),  # 200,000; in its base band 10,000: 190,000 less
        row(small, Tokens(1000, output=1000)),  # is small already
        row(long_small, Tokens(150_000)),
        row(luna, Tokens(1000, output=1000)),  # another provider's cheapest
    )
    assert could_save()["routing"] == D("0.0114") + D("0.0057") + D("0.225") + D("0.19")


def test_a_price_that_has_not_begun_and_models_that_write_nothing_are_no_cheaper() -> None:
    sonnet = price()
    price("gift", effective_from=datetime(2099, 1, 1, tzinfo=UTC), input_usd="0", output_usd="0.01")
    price("embedder", input_usd="0.01", output_usd="0")
    add(row(sonnet, Tokens(1000, output=1000)))
    assert could_save()["routing"] == D(0)


def test_a_list_that_was_replaced_is_no_cheaper() -> None:
    sonnet = price()
    price(HAIKU, input_usd="0", output_usd="0.1", effective_from=datetime(2026, 1, 1, tzinfo=UTC))
    price(HAIKU, input_usd="1", output_usd="5", effective_from=datetime(2026, 2, 1, tzinfo=UTC))
    add(row(sonnet, Tokens(1000, output=1000)))  # 12,000; now 6,000
    assert could_save()["routing"] == D("0.006")
