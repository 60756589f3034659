"""The rate and the number of requests that all workers keep to together, counted in Valkey."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from fa_site.broker import connection
from fa_site.pace import Pace
from summaries.sources.errors import Blocked, Unavailable
from summaries.sources.factset import FactSet
from summaries.sources.factset.door import PACE, SEATS
from summaries.sources.seats import NoSeat, Seats
from tests.loopback import Answer as Said
from tests.sources.factset_site import FactSetSite, client_of, factset_site, ok, shape_2

DAY = date(2025, 1, 6)
KEYS = [f"fa:{kind}" for kind in (
    "pace:factset-test:turn", "pace:factset-test:hold", "seats:factset-test",
)]  # fmt: skip


@pytest.fixture
def site() -> Iterator[FactSetSite]:
    with factset_site() as site:
        yield site


@pytest.fixture
def shared() -> dict[str, Any]:
    """The real pace and seats, under a name of their own."""
    connection().delete(*KEYS)
    return {
        "pace": Pace("factset-test", PACE.per_second, PACE.burst, PACE.longest_wait),
        "seats": Seats("factset-test", SEATS.most, SEATS.lease_seconds),
    }


def one(factset: FactSet) -> int:
    return len(factset.prices(["AAPL-US"], start=DAY, end=DAY).rows)


def test_all_clients_keep_one_pace(site: FactSetSite, shared: dict[str, Any]) -> None:
    site.per_second = 10
    with (
        client_of(site, **shared) as first,
        client_of(site, **shared) as second,
        ThreadPoolExecutor(12) as pool,
    ):
        assert sum(pool.map(one, [first, second] * 14)) == 28
    times = sorted(asked.at for asked in site.loopback.asked)
    # A crowded machine may bunch some up; they are turned away, wait, and are answered too.
    assert 28 <= len(times) <= 32
    assert times[27] - times[0] > 27 / PACE.per_second - 0.5


def test_eight_are_under_way_at_once_over_all_clients(
    site: FactSetSite, shared: dict[str, Any]
) -> None:
    site.hold = 0.15
    given = {**shared, "pace": None}
    with (
        client_of(site, **given) as first,
        client_of(site, **given) as second,
        ThreadPoolExecutor(20) as pool,
    ):
        assert sum(pool.map(one, [first, second] * 15)) == 30
    assert 4 <= site.most_at_once <= SEATS.most
    assert connection().zcard("fa:seats:factset-test") == 0


def test_seat_of_a_killed_worker_falls_free() -> None:
    connection().delete(KEYS[2])
    seats = Seats("factset-test", most=1, lease_seconds=0.3)
    held = seats.taken(within=0)
    held.__enter__()  # and never left
    with pytest.raises(NoSeat), seats.taken(within=0.05):
        pass
    with seats.taken(within=2):
        assert connection().zcard(KEYS[2]) == 1


def test_no_seat_for_long_is_blocked(site: FactSetSite) -> None:
    connection().delete(KEYS[2])
    seats = Seats("factset-test", most=1)
    with (
        seats.taken(within=0),
        client_of(site, seats=seats, patience=0.4) as factset,
        pytest.raises(Blocked, match="All requests that FactSet allows"),
    ):
        one(factset)
    assert not site.loopback.asked
    connection().delete(KEYS[2])


@pytest.mark.parametrize("prefix", ["X-FactSet-Api-RateLimit", "X-RateLimit"])
@pytest.mark.parametrize("reset", ["1", "1, 60", "epoch", "ms"])
def test_no_request_is_made_until_the_limit_is_reset(
    site: FactSetSite, shared: dict[str, Any], prefix: str, reset: str
) -> None:
    moment, clock = time.time() + 1.2, time.time() - time.monotonic()
    at = {"epoch": f"{moment:.2f}", "ms": f"{moment * 1000:.0f}"}
    site.faults.append(Said(
        200, b'{"data": []}',
        headers={f"{prefix}-Limit": "10", f"{prefix}-Remaining": "0",
                 f"{prefix}-Reset": at.get(reset, reset)},
    ))  # fmt: skip
    with client_of(site, **shared) as first, client_of(site, **shared) as second:
        one(first)
        assert one(second) == 1
    begun, then = (asked.at for asked in site.loopback.asked)
    assert then + clock > moment - 0.1 if reset in at else then - begun > 0.9


def test_requests_that_remain_hold_nothing(site: FactSetSite, shared: dict[str, Any]) -> None:
    site.headers = {"X-FactSet-Api-RateLimit-Remaining": "9", "X-FactSet-Api-RateLimit-Reset": "60"}
    with client_of(site, **shared) as factset:
        assert [one(factset) for _ in range(3)] == [1, 1, 1]
    assert connection().exists(KEYS[1]) == 0


@pytest.mark.parametrize(
    "name", ["Retry-After", "X-FactSet-Api-RateLimit-Reset", "X-RateLimit-Reset"]
)
def test_overload_is_waited_out_by_all(
    site: FactSetSite, shared: dict[str, Any], name: str
) -> None:
    site.faults.append(shape_2(429, "Too Many Requests", "limit", headers={name: "1"}))
    with client_of(site, **shared) as factset:
        assert one(factset) == 1
    begun, then = (asked.at for asked in site.loopback.asked)
    assert then - begun > 0.9


def test_long_overload_is_blocked_for_all_at_once(
    site: FactSetSite, shared: dict[str, Any]
) -> None:
    site.faults.append(shape_2(429, "Too Many Requests", "limit", headers={"Retry-After": "600"}))
    with client_of(site, **shared) as first, client_of(site, **shared) as second:
        for factset in (first, second):
            with pytest.raises(Blocked) as caught:
                one(factset)
            assert 590 < (caught.value.retry_after or 0) <= 600
    assert len(site.loopback.asked) == 1


def test_nonsense_in_the_headers_is_let_be(site: FactSetSite, shared: dict[str, Any]) -> None:
    for reset in ("", "soon", "-5", "99999999999999", "1e9", "\xe4"):
        site.faults.append(ok({"data": []}))
        site.faults[-1].headers.update({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})
    with client_of(site, **{**shared, "pace": None}) as factset:
        for _ in range(6):
            one(factset)
    assert len(site.loopback.asked) == 6


def test_without_valkey_nothing_is_asked(site: FactSetSite) -> None:
    def away() -> redis.Redis:
        return redis.Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0))

    for given in ({"seats": Seats("factset-test", 8, client=away)},
                  {"pace": Pace("factset-test", 8, client=away)}):  # fmt: skip
        with client_of(site, **given) as factset, pytest.raises(Unavailable, match="Valkey"):
            one(factset)
    assert not site.loopback.asked
