"""A question put to the quick depth, its stream held to the rules that all streams keep."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User

from queries.quick import answer
from queries.values import Answer, Asked, Event, Exchange, Finished, Marked, Shown, Text


def ask(question: str, reader: User, *before: str, **more: Any) -> Answer:
    exchanges = tuple(Exchange(one, "told") for one in before)
    asked = Asked(str(uuid4()), question, reader.pk, before=exchanges, **more)
    return checked(list(answer(asked, reader)))


def checked(events: list[Event]) -> Answer:
    """The answer; every mark stands where its text was streamed, and nothing was told beside."""
    last = events[-1]
    assert isinstance(last, Finished)
    told = last.answer
    streamed = "".join(one.text for one in events if isinstance(one, Text))
    marks = [one for one in events if isinstance(one, Marked)]
    assert streamed == told.text
    assert [one.claim for one in marks] == list(told.claims)
    assert [one.at for one in marks] == list(range(len(marks)))
    assert [streamed[one.start : one.end] for one in marks] == [one.text for one in told.claims]
    assert [one.chart for one in events if isinstance(one, Shown)] == list(told.charts)
    return told


def texts(told: Answer) -> list[str]:
    return [one.text for one in told.claims]
