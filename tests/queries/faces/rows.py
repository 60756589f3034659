"""Answers as rows, as if somebody had been told them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from queries.actions import ask
from queries.ending import Cited, citations_of
from queries.eventlog.codec import answer_data
from queries.models import Conversation, Query
from queries.values import Answer, Depth, Kind
from tests.factories import PUBLISHED_AT


def answered(user: User, told: Answer, *, talk: Conversation | None = None, **fields: Any) -> Query:
    """Told in 40 ms for a third of a cent."""
    query, _ = ask(
        user=user, question=fields.pop("question", "What was revenue?"),
        stocks=fields.pop("stocks", ["ACME"]), conversation=talk.pk if talk else None,
    )  # fmt: skip
    declined = told.kind is Kind.DECLINED
    given = {
        "state": "declined" if declined else "answered", "answer": answer_data(told),
        "depth": told.depth, "finished_at": PUBLISHED_AT, "total_ms": 40,
        "cost_usd": Decimal("0.0033"), **fields,
    }  # fmt: skip
    Query.objects.filter(pk=query.pk).update(**given)
    query.plans.add(*Cited.by(told).plans)
    assert all(one.label for one in citations_of(told))
    return Query.objects.get(pk=query.pk)


def refused(user: User, code: str, **fields: Any) -> Query:
    query, _ = ask(user=user, question="What was revenue?")
    given = {"state": "refused", "code": code, "message": "It was not taken.", **fields}
    Query.objects.filter(pk=query.pk).update(finished_at=PUBLISHED_AT, **given)
    return Query.objects.get(pk=query.pk)


def an_answer(*claims: Any, **fields: Any) -> Answer:
    return Answer(**{"kind": Kind.ANSWERED, "depth": Depth.QUICK, "claims": claims, **fields})


def page_of(client: Client, query: Query, status: int = 200) -> html.HtmlElement:
    response = client.get(f"/ask/{query.conversation_id}/")
    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"
    return html.fromstring(response.content.decode())


def part_of(client: Client, path: str, **posted: Any) -> html.HtmlElement:
    """As htmx asks for it: by POST where there is something to send."""
    headers = {"HX-Request": "true"}
    response = (
        client.post(path, posted, headers=headers) if posted else client.get(path, headers=headers)
    )
    assert response.status_code == 200
    return html.fromstring(response.content.decode())
