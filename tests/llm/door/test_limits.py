"""Limits that all workers keep together, and a process that is alone with them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

import llm
from costs.tokens import Tokens
from llm import circuits, limits, shared
from llm.limits import Busy, Outcome
from llm.values import Reply
from tests.llm.door.asks import an_ask, rows
from tests.vendors import ModelSite

pytestmark = pytest.mark.enable_socket


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    def one(_: int) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_64_threads_never_pass_the_concurrency(site: ModelSite, settings: Any) -> None:
    settings.LLM_CONCURRENCY = 10
    site.change(latency=0.1)
    most = Watched(lambda: circuits.states()[0].seats)
    with most as seen:
        replies = in_threads(64, lambda: llm.write(an_ask(seconds=60)))
    assert all(isinstance(reply, Reply) for reply in replies)
    assert rows("provider", "state") == [("anthropic", "settled")] * 64
    assert max(seen) <= 10
    assert _most_at_once(site, 0.1) <= 10
    assert circuits.states()[0].seats == 0


def test_threads_that_wait_for_models_hold_no_database_connection(
    site: ModelSite, settings: Any
) -> None:
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    site.change(latency=4.0)
    in_threads(2 * pool, lambda: llm.write(an_ask(seconds=60)))
    assert rows("provider", "state") == [("anthropic", "settled")] * 2 * pool
    assert _most_at_once(site, 4.0) > pool


def test_tokens_a_minute_are_kept(site: ModelSite, settings: Any) -> None:
    settings.LLM_TOKENS_A_MINUTE = 60_000  # 1,000 a second, 6,000 at once
    ask = an_ask("word " * 1000, most=500, seconds=30)
    began = time.monotonic()
    in_threads(12, lambda: llm.write(ask))
    took = time.monotonic() - began
    used = sum(line.prompt_tokens + line.output_tokens for line in site.invoice.lines)
    assert used <= 6_000 + 1_000 * took
    assert took > 5


def test_requests_a_minute_are_kept(site: ModelSite, settings: Any) -> None:
    settings.LLM_REQUESTS_A_MINUTE = 600  # 10 a second, 60 at once
    seats = []
    began = time.monotonic()
    for _ in range(70):
        seat = limits.take("openai", tokens=1, within=5, lasting=5)
        seats.append(seat)
        limits.leave(seat, Outcome.OK, used=Tokens())
    assert 0.8 < time.monotonic() - began < 8


def test_tokens_not_used_are_given_back(site: ModelSite, settings: Any) -> None:
    settings.LLM_TOKENS_A_MINUTE = 60_000
    for _ in range(20):
        seat = limits.take("openai", tokens=6_000, within=1, lasting=5)
        limits.leave(seat, Outcome.OK, used=Tokens(input=10))


def test_tokens_used_beyond_what_was_taken_are_owed(site: ModelSite, settings: Any) -> None:
    settings.LLM_TOKENS_A_MINUTE = 60_000
    seat = limits.take("openai", tokens=10, within=1, lasting=5)
    limits.leave(seat, Outcome.OK, used=Tokens(input=20_000))
    with pytest.raises(Busy) as raised:
        limits.take("openai", tokens=10, within=1, lasting=5)
    assert raised.value.why == "tokens"
    assert 13 < raised.value.seconds < 15


def test_dead_workers_seat_falls_free(site: ModelSite, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "LEASE_SPARE_SECONDS", 0.1)
    settings.LLM_CONCURRENCY = 1
    limits.take("openai", tokens=1, within=1, lasting=0.3)
    with pytest.raises(Busy):
        limits.take("openai", tokens=1, within=0.1, lasting=1)
    limits.take("openai", tokens=1, within=2, lasting=1)


def test_hold_makes_everybody_wait_and_a_shorter_one_changes_nothing(site: ModelSite) -> None:
    limits.hold("openai", 0.5, "rate_limited")
    limits.hold("openai", 0.1)
    began = time.monotonic()
    limits.take("openai", tokens=1, within=2, lasting=1)
    assert 0.4 < time.monotonic() - began < 4
    assert limits.take("anthropic", tokens=1, within=0.1, lasting=1)


def test_who_waits_in_line_hears_of_a_hold_at_once(site: ModelSite) -> None:
    limits.hold("openai", 30)

    def ask() -> float:
        began = time.monotonic()
        with suppress(Busy):
            limits.take("openai", tokens=1, within=5, lasting=1)
        return time.monotonic() - began

    assert max(in_threads(8, ask)) < 2


def test_stop_ends_the_waiting(site: ModelSite, settings: Any) -> None:
    settings.LLM_CONCURRENCY = 1
    limits.take("openai", tokens=1, within=1, lasting=30)
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Busy):
        limits.take("openai", tokens=1, within=20, lasting=1, stop=stop)
    assert time.monotonic() - began < 4


def test_without_valkey_a_process_keeps_a_small_share(
    site: ModelSite, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LLM_CONCURRENCY = 30
    settings.LLM_REQUESTS_A_MINUTE = 6_000
    site.change(latency=0.05)
    here, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    in_threads(8, lambda: llm.write(an_ask(seconds=30)))
    settings.REDIS_URL = here
    assert rows("provider", "state") == [("anthropic", "settled")] * 8
    assert _most_at_once(site, 0.05) <= 3
    assert "llm.valkey_away" in caplog.text


def test_a_clock_set_back_stops_nobody(site: ModelSite) -> None:
    far = (time.time() + 24 * 3600) * 1_000_000
    shared.client().set(shared.key("openai", "requests"), f"{far:.0f}")
    shared.client().set(shared.key("openai", "tokens"), f"{far:.0f}")
    limits.take("openai", tokens=1, within=0.5, lasting=1)


class Watched:
    """The values of something while the block lasts."""

    def __init__(self, look: Callable[[], int]) -> None:
        self._look, self._over, self._seen = look, threading.Event(), [0]
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> list[int]:
        self._thread.start()
        return self._seen

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.01):
            self._seen.append(self._look())


def _most_at_once(site: ModelSite, latency: float) -> int:
    """Requests that came within one latency, which the server therefore had at the same time."""
    times = sorted(asked.at for asked in site.asked)
    return max(sum(at <= other < at + latency for other in times) for at in times)
