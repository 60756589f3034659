"""No money left is said before the work, and in the middle of it, in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from costs.errors import OverBudget
from costs.models import Budget, Team
from queries.chain.budget import budget
from queries.values import Asked, Depth, Event, Refused, Step, Text, chained
from tests import factories
from tests.doors import new_door
from tests.queries.chain.talk import Teller, asked, finished, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _door(settings: Any) -> Iterator[None]:
    settings.ANTHROPIC_API_KEY = "test"
    with new_door():
        yield


@pytest.fixture
def ann() -> User:
    return factories.make_user("ann")


def ask(handler: Any, question: Asked) -> list[Event]:
    return list(chained((budget,), handler)(question))


def test_with_nothing_left_a_models_answer_is_refused_with_the_reset_time(ann: User) -> None:
    team = Team.objects.create(name="desk")
    for fields in (
        {"scope": "queries"},
        {"scope": "team", "team": team},
        {"scope": "user", "user": ann},
    ):
        Budget.objects.all().delete()
        Budget.objects.create(amount_usd=0, every="month", **fields)
        teller = Teller()
        for depth in (Depth.STANDARD, Depth.DEEP):
            refused = refusal(ask(teller, asked(user=ann.pk, team=team.pk, depth=depth)))
            assert refused.code == "over_budget"
            assert refused.retry_after is not None
            assert 0 < refused.retry_after <= 32 * 24 * 3600
            at = timezone.localtime(timezone.now() + timedelta(seconds=refused.retry_after))
            assert f"used up until 01 {at:%B %Y} 00:00" in refused.text
        assert teller.asked == []
        # Facts cost nothing; and where the question decides, they may do.
        for free in (Depth.QUICK, None):
            assert finished(ask(teller, asked(user=ann.pk, team=team.pk, depth=free)))


def test_with_room_or_without_a_model_nothing_is_refused(ann: User, settings: Any) -> None:
    Budget.objects.create(scope="queries", amount_usd=1, every="month")
    assert finished(ask(Teller(), asked(user=ann.pk, depth=Depth.DEEP)))
    Budget.objects.update(amount_usd=0)
    settings.ANTHROPIC_API_KEY = ""
    assert finished(ask(Teller(), asked(user=ann.pk, depth=Depth.DEEP)))


def test_a_budget_that_ends_in_the_middle_is_said_and_what_was_told_stays(ann: User) -> None:
    resets_at = timezone.now() + timedelta(hours=2)

    def ending(_: Asked) -> Iterator[Event]:
        yield Step("search", "Searching.")
        yield Text("Revenue was ")
        raise OverBudget("queries, a day", Decimal(5), Decimal(0), Decimal("0.01"), resets_at)

    *told, refused = ask(ending, asked(user=ann.pk))
    assert told == [Step("search", "Searching."), Text("Revenue was ")]
    assert isinstance(refused, Refused)
    assert refused.code == "over_budget"
    assert refused.retry_after is not None
    assert 7_000 < refused.retry_after <= 7_201
    assert f"{timezone.localtime(resets_at):%d %B %Y %H:%M %Z}" in refused.text
