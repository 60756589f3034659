"""The process's own layer: bounded by bytes and time, safe for threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.cache import Local, Statistics, cached
from queries.cache.local import OVERHEAD


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_least_recently_used_goes_first() -> None:
    local = Local(3 * (OVERHEAD + 11))
    for key in "abc":
        assert local.put(key, b"x" * 10, 60)
    assert local.get("a") == b"x" * 10
    local.put("d", b"x" * 10, 60)
    assert local.get_many("abcd") == dict.fromkeys("acd", b"x" * 10)
    assert local.statistics() == Statistics(4, 1, 1, 0, 3, 3 * (OVERHEAD + 11))


def test_what_is_over_is_gone_and_what_is_too_large_is_not_kept() -> None:
    clock = Clock()
    local = Local(1000, clock=clock)
    local.put("a", b"1", 5)
    assert not local.put("b", b"x" * 1000, 5)
    assert not local.put("c", b"1", 0)
    clock.now = 4.9
    assert local.get_many(["a", "b", "c", "a"]) == {"a": b"1"}
    clock.now = 5.0
    assert local.get("a") is None
    assert local.top(5) == []
    assert local.statistics() == Statistics(1, 3, 0, 1, 0, 0)
    assert local.statistics().share == 0.25


def test_the_top_keys_are_those_with_most_hits() -> None:
    local = Local(10_000)
    for key, hits in (("a", 1), ("b", 3), ("c", 2)):
        local.put(key, b"1", 60)
        for _ in range(hits):
            local.get(key)
    local.put("b", b"2", 60)  # anew, and still the one asked for most
    assert local.top(2) == [("b", 3), ("c", 2)]
    local.forget("b")
    assert local.top(1) == [("c", 2)]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 400)), max_size=60))
def test_bytes_never_pass_the_bound_and_always_add_up(puts: list[tuple[str, int]]) -> None:
    local = Local(1500)
    for key, length in puts:
        local.put(key, b"x" * length, 60)
        told = local.statistics()
        kept = local.get_many("abcdef")
        assert told.bytes <= 1500
        assert told.bytes == sum(len(value) + 1 + OVERHEAD for value in kept.values())
        assert told.entries == len(kept)


def test_threads_together_keep_the_sums() -> None:
    local = Local(20 * (OVERHEAD + 20))

    def work(seed: int) -> None:
        for at in range(500):
            key = str((seed * 7 + at) % 40)
            if local.get(key) is None:
                local.put(key, b"x" * (at % 10), 60)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    told = local.statistics()
    assert told.hits + told.misses == 4000
    assert 0 < told.bytes <= 20 * (OVERHEAD + 20)
    local.clear()
    assert local.statistics().bytes == 0


def test_a_function_works_once_for_all_who_ask_at_once() -> None:
    calls: list[str] = []
    begun, go = threading.Event(), threading.Event()

    @cached(seconds=60)
    def looked_up(ticker: str, *, year: int = 2024) -> list[str]:
        calls.append(ticker)
        begun.set()
        go.wait(30)
        return [ticker, str(year)]

    with ThreadPoolExecutor(5) as threads:
        first = threads.submit(looked_up, "ACME")
        assert begun.wait(30)
        others = [threads.submit(looked_up, "ACME") for _ in range(4)]
        go.set()
        assert [one.result() for one in (first, *others)] == [["ACME", "2024"]] * 5
    assert calls == ["ACME"]
    looked_up("ACME").append("changed by its reader")
    assert looked_up("ACME") == ["ACME", "2024"]
    assert looked_up("ACME", year=2023) == ["ACME", "2023"]
    looked_up.forget()
    looked_up("ACME")
    assert calls == ["ACME"] * 3
    assert looked_up.__name__ == "looked_up"  # type: ignore[attr-defined]


def test_a_cache_that_can_hold_nothing_says_so() -> None:
    with pytest.raises(ValueError, match="holds nothing: give it 300"):
        Local(10)
