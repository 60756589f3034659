"""Limits by plan and user, counted by all at once; without Valkey each process counts by itself."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from llm import shared
from queries.chain import allowance
from queries.chain.rate_limit import rate_limit
from queries.models import UsagePlan, UserPlan, plan_of
from queries.models.plans import FALLBACK
from queries.values import Asked, Event, Refused, Step, chained
from tests import factories
from tests.queries.chain.own_valkey import own_valkey
from tests.queries.chain.talk import Teller, asked, finished, refusal

pytestmark = pytest.mark.django_db


def make_plan(**fields: Any) -> UsagePlan:
    return UsagePlan.objects.create(**{**FALLBACK, "name": "small", **fields})


@pytest.fixture
def ann() -> User:
    return factories.make_user("ann")


def give(user: User, **fields: Any) -> UsagePlan:
    plan = make_plan(**fields)
    UserPlan.objects.create(user=user, plan=plan)
    return plan


def ask(teller: Teller, question: Asked) -> list[Event]:
    return list(chained((rate_limit,), teller)(question))


def refusals(teller: Teller, user: int, count: int) -> list[Refused]:
    said = [ask(teller, asked(user=user))[-1] for _ in range(count)]
    return [event for event in said if isinstance(event, Refused)]


@pytest.mark.usefixtures("plan_rows")
def test_a_plan_is_the_users_own_or_the_default_or_the_fallback(ann: User) -> None:
    assert plan_of(ann.pk).name == "pro"  # as the migration sets it
    assert [one.name for one in UsagePlan.objects.all()] == ["free", "pro", "enterprise"]
    bob = factories.make_user("bob")
    UserPlan.objects.create(user=bob, plan=UsagePlan.objects.get(name="pro"))
    free = UsagePlan.objects.get(name="free")
    UserPlan.objects.create(user=ann, plan=free)
    assert (plan_of(ann.pk), plan_of(bob.pk).name, plan_of(10**6).name) == (free, "pro", "pro")
    UserPlan.objects.all().delete()
    UsagePlan.objects.all().delete()
    assert plan_of(ann.pk).requests_a_minute == FALLBACK["requests_a_minute"]


def test_more_than_a_minute_allows_is_refused_with_when(ann: User) -> None:
    give(ann, requests_a_minute=3)
    teller, bob = Teller(), factories.make_user("bob")
    (refused,) = refusals(teller, ann.pk, 4)
    assert refused.code == "rate_limited"
    assert refused.retry_after is not None
    assert 50 <= refused.retry_after <= 61
    assert refused.text == (
        f"3 questions a minute are asked. Ask again in {refused.retry_after} s. (Plan “small”.)"
    )
    assert len(teller.asked) == 3
    assert refusals(teller, bob.pk, 4) == []  # who has limits of his own


def test_a_days_number_is_kept_and_said(ann: User) -> None:
    give(ann, requests_a_day=2)
    (refused,) = refusals(Teller(), ann.pk, 3)
    assert refused.text.startswith("Today's 2 questions are asked. Ask again from ")
    assert refused.retry_after is not None
    assert 0 < refused.retry_after <= 25 * 3600 + 1


def test_the_standard_headers_tell_the_limit_that_is_nearer(ann: User) -> None:
    plan = give(ann, requests_a_minute=3, requests_a_day=5)
    assert allowance.headers(allowance.standing(ann.pk)) == {
        "RateLimit-Limit": "3", "RateLimit-Remaining": "3", "RateLimit-Reset": "0",
        "RateLimit-Policy": "3;w=60, 5;w=86400",
    }  # fmt: skip
    refusals(Teller(), ann.pk, 2)
    told = allowance.headers(allowance.standing(ann.pk))
    assert (told["RateLimit-Limit"], told["RateLimit-Remaining"]) == ("3", "1")
    assert 0 < int(told["RateLimit-Reset"]) <= 60
    plan.requests_a_day = 2
    plan.save()
    told = allowance.headers(allowance.take(ann.pk, "another", plan))
    assert (told["RateLimit-Limit"], told["RateLimit-Remaining"]) == ("2", "0")
    assert told["Retry-After"] == told["RateLimit-Reset"]
    assert math.isclose(
        int(told["RateLimit-Reset"]), allowance._day_left().total_seconds(), abs_tol=60
    )


def test_only_so_many_at_once_and_one_that_is_left_gives_its_place_back(ann: User) -> None:
    give(ann, at_once=2)
    teller = Teller()
    streams = [chained((rate_limit,), teller)(asked(user=ann.pk)) for _ in range(2)]
    assert [next(stream) for stream in streams] == [Step("facts", "Reading the facts.")] * 2
    refused = refusal(ask(teller, asked(user=ann.pk)))
    assert "2 of your questions are being answered" in refused.text
    assert refused.retry_after is not None
    streams[0].close()  # type: ignore[attr-defined]
    assert teller.closed == [teller.asked[0].id]
    assert finished(ask(teller, asked(user=ann.pk)))
    list(streams[1])
    assert allowance.standing(ann.pk).minute_used == 3  # who was refused isn't counted


def test_the_same_question_taken_up_again_counts_once(ann: User) -> None:
    give(ann, requests_a_minute=1, at_once=1)
    teller, question = Teller(), asked(user=ann.pk)
    begun = chained((rate_limit,), teller)(question)
    next(begun)  # and its worker dies: nobody gives its place back
    assert finished(ask(teller, question))
    assert refusal(ask(teller, asked(user=ann.pk)))


def test_a_depth_that_the_plan_lacks_is_refused_and_not_counted(ann: User) -> None:
    give(ann, depths=["quick", "standard"])
    refused = refusal(ask(Teller(), asked(user=ann.pk, depth="deep")))
    assert refused == Refused(
        "not_in_plan",
        "Deep answers are not in the plan “small”, which has quick and standard ones. Ask for one "
        "of those, or ask an administrator for another plan.",
    )
    assert allowance.standing(ann.pk).minute_used == 0
    assert finished(ask(Teller(), asked(user=ann.pk, depth="quick")))


@pytest.mark.django_db(transaction=True)
def test_threads_together_are_let_through_as_often_as_the_plan_says() -> None:
    ann = factories.make_user("ann")
    give(ann, requests_a_minute=20, at_once=100)
    teller = Teller()

    def one(_: int) -> Event:
        try:
            return ask(teller, asked(user=ann.pk))[-1]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        said = list(threads.map(one, range(60)))
    assert sum(isinstance(event, Refused) for event in said) == 40
    assert len(teller.asked) == 20


def test_valkey_is_killed_and_started_again(ann: User) -> None:
    give(ann, requests_a_minute=3, at_once=1)
    teller = Teller()
    with own_valkey() as server:
        assert refusals(teller, ann.pk, 2) == []
        begun = chained((rate_limit,), teller)(asked(user=ann.pk))
        next(begun)
        server.kill()
        # Nobody is turned away for its sake; this process counts anew by itself.
        assert len(refusals(teller, ann.pk, 4)) == 1
        assert allowance.standing(ann.pk).minute_used == 3
        list(begun)
        server.start()
        shared.back()
        assert allowance.standing(ann.pk).minute_used == 3  # what Valkey was told, it kept
        assert len(refusals(teller, ann.pk, 1)) == 1
