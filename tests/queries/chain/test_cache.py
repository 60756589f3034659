"""The same question is answered once, for those who may read the same, until its sources change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.utils import timezone

from costs.models import Price, UsageRecord
from queries.cache import flights, store, valkey
from queries.cache.keys import entitlement, key_of
from queries.chain.cache import cache
from queries.values import (
    Asked,
    Event,
    Exchange,
    Finished,
    Kind,
    Refused,
    Spent,
    Step,
    Text,
    Voided,
    chained,
)
from summaries.models import Plan, Stock
from tests import factories
from tests.queries.chain.own_valkey import own_valkey
from tests.queries.chain.talk import Teller, asked, finished, told

pytestmark = pytest.mark.django_db(transaction=True)
NOTHING = Spent(Decimal(0), 0, is_cached=True)


@pytest.fixture
def acme() -> Stock:
    return factories.make_stock("ACME")


@pytest.fixture
def ann() -> User:
    return factories.make_user("ann")


def ask(teller: Teller, question: Asked) -> list[Event]:
    return list(chained((cache,), teller)(question))


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    def one(at: int) -> Any:
        try:
            return work(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_the_same_question_is_told_again_without_the_work(acme: Stock, ann: User) -> None:
    teller = Teller()
    first = ask(teller, asked("What was ACME's revenue?", user=ann.pk))
    again = ask(teller, asked("what was  ACME’s revenue", user=ann.pk))
    assert len(teller.asked) == 1
    assert first == told("Revenue was $5 million.")
    _, *rest, last = told("Revenue was $5 million.")
    assert again == [
        Text("Revenue was $5 million."), rest[2], Finished(finished([last]).answer, NOTHING),
    ]  # fmt: skip
    store.forget_local()  # as another process has it: from Valkey
    assert ask(teller, asked("What was ACME's revenue?", user=ann.pk)) == again
    assert len(teller.asked) == 1


def test_what_the_answer_depends_on_is_in_the_key(acme: Stock, ann: User) -> None:
    others: list[dict[str, Any]] = [
        {},
        {"question": "What was ACME's income?"},
        {"stocks": ("ACME",)},
        {"as_of": datetime(2024, 5, 1, tzinfo=UTC)},
        {"before": (Exchange("And debt?", "None."),)},
        {"before": (Exchange("And debt?", "Some."),)},
        {"depth": "deep"},
    ]
    teller = Teller()
    for _ in range(2):
        for other in others:
            ask(teller, replace(asked(user=ann.pk), **other))
    assert len(teller.asked) == len(others)


def test_an_answer_never_crosses_entitlements(acme: Stock, ann: User) -> None:
    bob, plan = factories.make_user("bob"), Plan.objects.create(code="a:1", name="Notes")
    group = Group.objects.create(name="desk")
    teller = Teller()

    def is_told_again(user: User) -> bool:
        return is_cached(ask(teller, asked(user=user.pk)))

    plan.members.add(ann)
    assert [is_told_again(ann), is_told_again(ann), is_told_again(bob)] == [False, True, False]
    plan.members.add(bob)
    assert is_told_again(bob)  # as ann, who holds the same
    plan.members.remove(ann)
    assert is_told_again(ann)  # as bob was told without the licence, and not what she read by it
    assert [one.user for one in teller.asked] == [ann.pk, bob.pk]
    ann.groups.add(group)
    assert not is_told_again(ann)
    bob.is_active = False
    bob.save()
    assert is_told_again(bob)  # as one who holds nothing
    assert [one.user for one in teller.asked] == [ann.pk, bob.pk, ann.pk]


def is_cached(events: list[Event]) -> bool:
    spent = finished(events).spent
    return spent is not None and spent.is_cached


def test_it_is_asked_anew_after_its_stock_changed_and_not_after_another(
    acme: Stock, ann: User
) -> None:
    other = factories.make_stock("OTHR", cik=1751)
    teller = Teller()
    ask(teller, asked(user=ann.pk))
    factories.make_summary(other)
    assert is_cached(ask(teller, asked(user=ann.pk)))
    factories.make_summary(acme)
    assert not is_cached(ask(teller, asked(user=ann.pk)))
    assert is_cached(ask(teller, asked(user=ann.pk)))


def test_what_changes_while_it_is_worked_out_is_not_kept(acme: Stock, ann: User) -> None:
    def changing(question: Asked) -> list[Event]:
        if len(teller.asked) == 1:
            factories.make_summary(acme)
        return told("Revenue was $5 million.")

    teller = Teller(changing)
    for cached in (False, False, True):
        assert is_cached(ask(teller, asked(user=ann.pk))) is cached


def test_only_what_was_answered_is_kept(acme: Stock, ann: User) -> None:
    lasts: list[Event] = [
        told("No advice.", kind=Kind.DECLINED)[-1],
        Refused("unavailable", "No model."),
        Text("and it breaks off"),
    ]
    for last in lasts:
        teller = Teller(lambda question, last=last: [Text("Hm."), last])  # type: ignore[misc]
        ask(teller, asked(user=ann.pk))
        ask(teller, asked(user=ann.pk))
        assert len(teller.asked) == 2


def test_of_many_at_once_one_works_and_all_are_told_as_it_comes(acme: Stock, ann: User) -> None:
    teller = Teller(hold=True)

    def one(at: int) -> list[Event]:
        if at == 24:
            assert teller.begun.acquire(timeout=60)
            teller.go.set()
            return []
        return ask(teller, asked(user=ann.pk))

    answers = in_threads(25, one)[:24]  # more than the pool has connections
    assert len(teller.asked) == 1
    assert sum(not is_cached(events) for events in answers) == 1
    texts = {"".join(one.text for one in events if isinstance(one, Text)) for events in answers}
    assert texts == {"Revenue was $5 million."}


def test_who_waits_is_told_before_the_end(acme: Stock, ann: User) -> None:
    teller = Teller(hold=True)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(in_threads, 1, lambda _: ask(teller, asked(user=ann.pk)))
        assert teller.begun.acquire(timeout=60)
        follower = chained((cache,), teller)(asked(user=ann.pk))
        assert next(follower) == Step("facts", "Reading the facts.")
        teller.go.set()
        rest = list(follower)
        first.result(60)
    assert is_cached(rest)
    assert len(teller.asked) == 1


def test_the_one_who_works_goes_away_and_another_takes_over(acme: Stock, ann: User) -> None:
    teller = Teller()
    leaver = chained((cache,), teller)(asked(user=ann.pk))
    assert next(leaver) == Step("facts", "Reading the facts.")
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(in_threads, 1, lambda _: ask(teller, asked(user=ann.pk)))
        key = _held()
        assert key
        leaver.close()  # type: ignore[attr-defined]
        events = waiting.result(60)[0]
    assert teller.closed == [teller.asked[0].id]
    assert len(teller.asked) == 2
    said = events[events.index(one) + 1 :] if (one := _void(events)) else events
    assert said == told("Revenue was $5 million.")


def _void(events: list[Event]) -> Voided | None:
    return next((one for one in events if isinstance(one, Voided)), None)


def _held() -> list[bytes]:
    found: list[bytes] = valkey.ask(
        lambda client: list(client.scan_iter(valkey.name("flight", "*")))
    )
    return found


LEADER = """
import os, sys, time
import django
django.setup()
from queries.cache import flights
from queries.values import Text
flight = flights.begin(sys.argv[1])
flight.tell(Text("Half of it"))
print("begun", flush=True)
time.sleep(600)
"""


@pytest.fixture
def killed_later() -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for one in running:
        one.kill()
        one.communicate()


def test_the_process_that_works_is_killed_and_another_takes_over(
    acme: Stock, ann: User, killed_later: list[subprocess.Popen[str]]
) -> None:
    question = asked(user=ann.pk)
    key = key_of(question, entitlement(ann.pk))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "fa_site.settings"}
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER, key], cwd=settings.BASE_DIR, env=environment,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    killed_later.append(leader)
    assert leader.stdout is not None
    assert leader.stdout.readline() == "begun\n"
    teller = Teller()
    follower = chained((cache,), teller)(question)
    assert next(follower) == Text("Half of it")
    until = time.monotonic() + flights.LEASE_SECONDS * 1.3
    while time.monotonic() < until:  # a lease is kept for as long as its process lives
        assert flights.begin(key) is None
        time.sleep(0.2)
    leader.send_signal(signal.SIGKILL)
    rest = list(follower)  # when its lease is over
    assert isinstance(rest[0], Voided)
    assert rest[1:] == told("Revenue was $5 million.")


def test_what_another_version_of_ours_tells_is_waited_for_and_not_read(
    acme: Stock, ann: User
) -> None:
    question, teller = asked(user=ann.pk), Teller()
    flight = flights.begin(key_of(question, entitlement(ann.pk)))
    assert flight is not None
    valkey.ask(lambda client: client.xadd(flight.stream, {"event": b"Sung {}"}))
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(in_threads, 1, lambda _: ask(teller, question))
        time.sleep(1)
        assert teller.asked == []
        flight.end(is_whole=True)
        assert waiting.result(60) == [told("Revenue was $5 million.")]
    assert len(teller.asked) == 1


def test_damaged_bytes_are_a_miss(acme: Stock, ann: User) -> None:
    teller = Teller()
    ask(teller, asked(user=ann.pk))
    (name,) = valkey.ask(lambda client: list(client.scan_iter(valkey.name("kept", "*"))))
    whole = valkey.ask(lambda client: client.get(name))
    for bad in (b"", b"x", whole[:-1], whole[:40] + b"\xff" + whole[41:], valkey.sealed(b"[]\n{")):
        store.forget_local()
        valkey.ask(partial(_set, name, bad))
        assert not is_cached(ask(teller, asked(user=ann.pk)))
    assert is_cached(ask(teller, asked(user=ann.pk)))


def _set(name: bytes, value: bytes, client: Any) -> None:
    client.set(name, value)


def test_valkey_is_killed_in_the_middle_and_started_again(acme: Stock, ann: User) -> None:
    teller = Teller(hold=True)
    with own_valkey() as server:
        first = chained((cache,), teller)(asked(user=ann.pk))
        assert next(first) == Step("facts", "Reading the facts.")
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(in_threads, 1, lambda _: ask(teller, asked(user=ann.pk)))
            server.kill()
            teller.go.set()
            # Who waited works by itself, who worked goes on; the process keeps what it can.
            assert waiting.result(60)[0][-5:] == told("Revenue was $5 million.")
        assert list(first) == told("Revenue was $5 million.")[1:]
        assert is_cached(ask(teller, asked(user=ann.pk)))
        server.start()
        ask(teller, asked("And then?", user=ann.pk))
        store.forget_local()
        assert is_cached(ask(teller, asked("And then?", user=ann.pk)))


def test_what_rests_on_no_stock_or_met_a_failing_model_is_kept_for_minutes(
    acme: Stock, ann: User
) -> None:
    broad = Teller(lambda question: told("Inflation was mentioned.", stocks=()))
    ask(broad, asked("Who speaks of inflation?", user=ann.pk))
    assert _lives() <= store.SHORT_SECONDS
    ask(Teller(), asked(user=ann.pk))
    assert _lives() > store.SHORT_SECONDS
    failed = asked("And its margin?", user=ann.pk)
    _fail_a_call(failed)
    valkey.ask(lambda client: client.flushdb())
    ask(Teller(), failed)
    assert _lives() <= store.SHORT_SECONDS


def _lives() -> int:
    def longest(client: Any) -> int:
        return max(int(client.ttl(one)) for one in client.scan_iter(valkey.name("kept", "*")))

    return valkey.ask(longest)


def _fail_a_call(question: Asked) -> None:
    now = timezone.now()
    price = Price.objects.create(
        provider="anthropic",
        model="m",
        effective_from=now,
        input_usd=1,
        output_usd=1,
        cache_write_usd=1,
        cache_write_1h_usd=1,
        cache_read_usd=1,
    )
    UsageRecord.objects.create(
        provider="anthropic", model="m", operation="write", category="queries", agent="queries",
        query=question.id, price=price, sent_at=now, ended_at=now, state="failed", error="server",
    )  # fmt: skip


def test_a_hit_takes_two_queries(acme: Stock, ann: User, django_assert_num_queries: Any) -> None:
    teller = Teller()
    ask(teller, asked(user=ann.pk))
    with django_assert_num_queries(2):  # who may read what, and the version
        assert is_cached(ask(teller, asked(user=ann.pk)))
