"""What is told of a query whose log is gone: its end, as the database has it."""

from __future__ import annotations

from collections.abc import Iterator

from queries.eventlog.codec import answer_of
from queries.models import Query
from queries.values import Claim, Event, Finished, Marked, Refused, Shown, Spent, Text

WHOLE = (Query.State.ANSWERED, Query.State.DECLINED)


def retold(query: Query) -> Iterator[Event]:
    """Text, marks and charts of a query that has ended, and its end."""
    if query.answer is not None and query.state in WHOLE:
        answer = answer_of(query.answer)
        yield from _claims(answer.claims)
        for chart in answer.charts:
            yield Shown(chart)
        yield Finished(answer, spent_on(query))
        return
    if query.answer is not None:
        yield from _claims(answer_of(query.answer).claims)
    yield refusal(query)


def spent_on(query: Query) -> Spent:
    return Spent(query.cost_usd, query.total_ms or 0, query.first_ms, query.is_cached)


def refusal(query: Query) -> Refused:
    return Refused(query.code, query.message, query.retry_after)


def _claims(claims: tuple[Claim, ...]) -> Iterator[Event]:
    at = 0
    for number, claim in enumerate(claims):
        yield Text(claim.text if number == 0 else f" {claim.text}")
        start = at if number == 0 else at + 1
        at = start + len(claim.text)
        yield Marked(number, claim, start, at)
