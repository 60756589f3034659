"""What is asked for most is answered before it is asked: quick alone, with the asker's rights."""

from __future__ import annotations

import os
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from queries.cache import popular
from queries.chain import warming
from queries.chain.cache import cache
from queries.values import Asked, Depth, Event, Exchange, chained
from tests import factories
from tests.queries.chain.talk import Teller, asked, finished, told

pytestmark = pytest.mark.django_db(transaction=True)


@override_settings(WARM_ANSWERS=True)
def test_what_is_popular_is_answered_anew_after_a_change() -> None:
    acme, user = factories.make_stock("ACME"), factories.make_user("ann")
    factories.make_summary(factories.make_stock("OTHR", cik=1751), published_at=timezone.now())
    nice: list[int] = []

    def telling(question: Asked) -> list[Event]:
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return told("Revenue was $5 million.", stocks=question.stocks)

    teller = Teller(telling)
    ask = chained((cache,), teller)
    often: dict[str, Any] = {"user": user.pk, "stocks": ("acme",), "depth": Depth.QUICK}
    for question in ("what is the margin?", "What is the margin", "Who is the CEO?"):
        list(ask(asked(question, **often)))
    list(ask(asked("of a conversation", **often, before=(Exchange("Before?", "Yes."),))))
    assert [(one.question, one.stocks, one.count) for one in popular.top_questions(9)] == [
        ("What is the margin", ("ACME",), 2.0),
        ("Who is the CEO?", ("ACME",), 1.0),
    ]
    factories.make_summary(acme)
    teller.asked.clear()
    done = warming.warm(lambda who: teller, seconds=60)
    # Both again, and the one that names nobody of the stock that was written about.
    assert [(one.question, one.stocks, one.depth, one.user) for one in teller.asked] == [
        ("What is the margin", ("ACME",), "quick", user.pk),
        ("Who is the CEO?", ("ACME",), "quick", user.pk),
        ("What is the margin", ("OTHR",), "quick", user.pk),
    ]
    assert (done.asked, done.worked_out) == (3, 3)
    assert nice[-1] >= warming.NICENESS
    assert nice[0] < warming.NICENESS  # who asks isn't slowed
    spent = finished(list(ask(asked("what is the margin", **often)))).spent
    assert spent is not None
    assert spent.is_cached
    assert warming.warm(lambda who: teller, seconds=60).worked_out == 0
    assert popular.top_questions(1)[0].count < 3.0  # what was asked fades
    user.delete()
    assert warming.warm(lambda who: teller, seconds=60).asked == 0


def test_it_is_off_unless_it_is_switched_on() -> None:
    user = factories.make_user("ann")
    list(chained((cache,), Teller())(asked(user=user.pk)))
    assert popular.top_questions(9) == []
    warming.warm_answers()
    with pytest.raises(CommandError, match="set FA_WARM_ANSWERS=yes"):
        call_command("warm_answers")
