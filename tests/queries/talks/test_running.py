"""A question from its row to its answer, told on the way and kept at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone

from queries import answerer
from queries.actions import ask, resume, stop
from queries.actions.errors import NotNow
from queries.claims import claim, give_up_exhausted
from queries.eventlog import codec
from queries.eventlog import log as eventlog
from queries.eventlog.retelling import retold
from queries.models import Query
from queries.models.conversations import MOST_ATTEMPTS
from queries.running import run
from queries.values import (
    Answer,
    Asked,
    Citation,
    Claim,
    Depth,
    Event,
    Finished,
    Handler,
    Kind,
    Marked,
    Refused,
    Step,
    Text,
    Voided,
)
from summaries.verification.verdicts import Verdict
from tests.factories import make_note, make_plan, make_published_summary, make_user
from tests.queries.talks import handlers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]


def asked(by: User, question: str = "What was revenue?", **given: Any) -> Query:
    return ask(user=by, question=question, **given)[0]


def told(query: Query) -> list[Event]:
    return [one.event for one in eventlog.read(str(query.pk))]


def ended(query: Query) -> Query:
    assert run(query.pk)
    return Query.objects.get(pk=query.pk)


def test_an_answer_is_told_and_kept(anna: User) -> None:
    fact = make_published_summary().stock.facts.get()
    document = fact.filing.documents.get()
    query = ended(asked(anna, stocks=["acme"]))
    text = "Acme Corp reported 1,234,000,000 USD."
    assert (query.state, query.depth, query.cost_usd) == ("answered", "quick", Decimal(0))
    assert query.claim_token is None
    answer = codec.answer_of(query.answer)
    assert [one.text for one in answer.claims] == [handlers.FIRST, text]
    [cited] = query.citations.values(
        "claim", "source", "document", "fact", "start", "end", "quote", "url"
    )
    assert cited == {
        "claim": 1, "source": "filing", "document": document.pk, "fact": fact.pk, "start": 0,
        "end": 5, "quote": "1,234,000,000", "url": f"/facts/{fact.pk}/",
    }  # fmt: skip
    *before, last = told(query)
    assert before == [
        Step("search", "Looking for the figure"),
        Step("search", "Looking for the figure", is_done=True),
        Text(handlers.FIRST),
        Marked(0, Claim(handlers.FIRST, Verdict.NOT_CHECKABLE), 0, 13),
        Text(f" {text}"),
        Marked(1, answer.claims[1], 14, 14 + len(text)),
    ]
    assert isinstance(last, Finished)
    assert last.answer == answer
    assert last.spent is not None
    assert last.spent.cost_usd == Decimal(0)
    assert last.spent.total_ms == query.total_ms
    [step] = query.checkpoints.values("attempt", "number", "step", "claims")
    assert step == {"attempt": 1, "number": 1, "step": "search", "claims": []}
    query.conversation.refresh_from_db()
    assert query.conversation.stocks == ["ACME"]


def test_retold_from_the_table_it_is_the_same(anna: User) -> None:
    make_published_summary()
    query = ended(asked(anna, stocks=["acme"]))
    live = [one for one in told(query) if not isinstance(one, Step)]
    assert list(retold(query)) == live


def test_a_follow_up_knows_what_was_asked_before(anna: User) -> None:
    first = ended(asked(anna))
    then = ended(asked(anna, "And before?", conversation=first.conversation_id))
    assert (then.number, then.conversation_id) == (2, first.conversation_id)
    assert "Before, 'What was revenue?' was asked." in codec.answer_of(then.answer).text


@pytest.mark.parametrize(
    ("question", "state", "code", "retry_after"),
    [
        ("Should I buy it?", "declined", "", None),
        ("Nothing?", "answered", "", None),
        ("refuse over_budget", "refused", "over_budget", 7),
        ("break", "failed", "failed", None),
    ],
)
def test_every_end_has_its_state(
    anna: User, question: str, state: str, code: str, retry_after: int | None
) -> None:
    query = ended(asked(anna, question))
    assert (query.state, query.code, query.retry_after) == (state, code, retry_after)
    assert eventlog.is_end(told(query)[-1])


def test_what_broke_keeps_what_was_told_and_says_no_word_of_it_in_the_log(
    anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    query = ended(asked(anna, "Break, dear Mrs Miller"))
    assert codec.answer_of(query.answer).text == handlers.FIRST
    assert [type(one) for one in retold(query)] == [Text, Marked, Refused]
    assert "queries.failed" in caplog.text
    assert "Miller" not in caplog.text


def test_what_is_taken_is_nobody_elses(anna: User) -> None:
    query = asked(anna)
    assert claim(query.pk)
    assert not run(query.pk)
    Query.objects.filter(pk=query.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    again = ended(query)
    assert (again.state, again.attempts) == ("answered", 2)
    assert told(again)[0] == Voided("It was begun again.")


def test_who_lost_the_lease_writes_nothing(anna: User) -> None:
    query = asked(anna)
    first = claim(query.pk)
    Query.objects.filter(pk=query.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim(query.pk)
    assert first
    assert second
    with pytest.raises(Exception, match="no longer ours"):
        first.end(state=Query.State.ANSWERED, answer={})
    second.release()
    assert Query.objects.get(pk=query.pk).state == "asked"


def test_what_ends_its_worker_each_time_is_given_up(anna: User) -> None:
    query = asked(anna)
    Query.objects.filter(pk=query.pk).update(attempts=MOST_ATTEMPTS)
    assert not run(query.pk)
    assert give_up_exhausted() == 1
    query.refresh_from_db()
    assert (query.state, query.code) == ("failed", "failed")


def test_stopped_before_it_began_and_begun_again(anna: User) -> None:
    query = asked(anna)
    assert stop(query=query.pk, by=anna).state == "stopped"
    assert [type(one) for one in told(query)] == [Refused]
    assert not run(query.pk)
    assert resume(query=query.pk, by=anna).state == "asked"
    assert ended(query).state == "answered"
    with pytest.raises(NotNow):
        resume(query=query.pk, by=anna)


def test_licences_of_what_is_cited_and_of_what_may_have_been_shown(anna: User) -> None:
    stock = make_published_summary().stock
    plan, other = make_plan(anna), make_plan(anna, code="x:2")
    note = make_note(stock, plan)
    cited = Claim(
        "Better.", Verdict.SUPPORTED,
        (Citation("research", "note", "/", "x", document=note.document_id),),
    )  # fmt: skip

    def noted(depth: Depth) -> answerer.Make:
        answer = Answer(Kind.ANSWERED, depth, (cited,))
        return lambda user: lambda asked: iter([Finished(answer)])

    answerer.HANDLERS |= {one: noted(one) for one in Depth}
    quick, deep = ended(asked(anna, depth=Depth.QUICK)), ended(asked(anna, depth=Depth.DEEP))
    assert list(quick.plans.all()) == [plan]
    assert set(deep.plans.all()) == {plan, other}
    plan.members.remove(anna)
    assert not Query.objects.readable_by(anna).filter(pk=quick.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_passing_error_broke_is_begun_again() -> None:
    anna = make_user("anna", "advisor")
    failures = [OperationalError("away")]

    def moody(user: User) -> Handler:
        def answer(asked: Asked) -> Iterator[Event]:
            if failures:
                raise failures.pop()
            yield from handlers.rows_of(Depth.QUICK)(user)(asked)

        return answer

    answerer.HANDLERS |= dict.fromkeys(Depth, moody)
    query = asked(anna)
    assert ended(query).state == "asked"
    again = ended(query)
    assert (again.state, again.attempts) == ("answered", 2)
