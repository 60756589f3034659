"""A conversation for compliance: who asked what, what was told from which sources, who saw it when.

An answer under a licence that the exporter lacks is withheld: the line names it by its hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from queries.actions.audit import note
from queries.actions.conversing import overseen
from queries.actions.errors import NotThere
from queries.actions.reading import answer_sha256, note_reads
from queries.chained_lines import chained
from queries.models import Conversation, Feedback, Query, Read
from summaries.models import AuditEvent

ACTION = "export a conversation"


@transaction.atomic
def export(*, conversation: UUID, by: User) -> list[str]:
    """JSON lines, hash-chained. Raises NotThere."""
    talk = overseen(by).select_for_update(of=("self",)).filter(pk=conversation).first()
    if talk is None:
        raise NotThere(f"There is no conversation {conversation}.")
    lines = list(chained(_lines(talk, by)))
    readable = talk.queries.readable_by(by)
    note_reads(queries=readable, by=by, way=Read.Way.EXPORT)
    note(ACTION, talk, by, lines=len(lines), hash=json.loads(lines[-1])["hash"])
    return lines


def is_on_record(last_hash: str) -> bool:
    """Whether the audit trail knows an export that ended so."""
    return AuditEvent.objects.filter(action=ACTION, detail__hash=last_hash).exists()


def _lines(talk: Conversation, by: User) -> Iterator[dict[str, Any]]:
    yield {
        "kind": "begin", "format": 1, "exported_at": _moment(timezone.now()),
        "exported_by": by.get_username(),
    }  # fmt: skip
    yield _talk(talk)
    readable = set(talk.queries.readable_by(by).values_list("pk", flat=True))
    rows = talk.queries.select_related("user").prefetch_related("citations__document", "plans")
    for query in rows.order_by("number"):
        yield _query(query) if query.pk in readable else _withheld(query)
    for said in Feedback.objects.filter(query__in=readable).select_related("user").order_by("pk"):
        yield _feedback(said)
    for read in Read.objects.filter(conversation=talk.pk).select_related("user").order_by("pk"):
        yield _read(read)
    events = AuditEvent.objects.filter(subject_type="conversation", subject_id=str(talk.pk))
    for event in events.select_related("actor").order_by("pk"):
        yield _event(event)


def _talk(talk: Conversation) -> dict[str, Any]:
    return {
        "kind": "conversation", "id": str(talk.pk), "owner": talk.owner.get_username(),
        "title": talk.title, "team": talk.team.name if talk.team else None,
        "created_at": _moment(talk.created_at), "deleted_at": _moment(talk.deleted_at),
        "held_at": _moment(talk.held_at), "hold_reason": talk.hold_reason,
    }  # fmt: skip


def _query(query: Query) -> dict[str, Any]:
    return {
        **_named(query), "question": query.question, "stocks": query.stocks,
        "depth": query.depth, "as_of": _moment(query.as_of), "code": query.code,
        "answer": query.answer, "cost_usd": format(query.cost_usd.normalize(), "f"),
        "plans": sorted(plan.code for plan in query.plans.all()),
        "sources": [_source(one) for one in query.citations.all()],
    }  # fmt: skip


def _withheld(query: Query) -> dict[str, Any]:
    return {**_named(query), "withheld": "It stands on research that the exporter has no plan of."}


def _named(query: Query) -> dict[str, Any]:
    return {
        "kind": "query", "id": str(query.pk), "number": query.number,
        "asked_by": query.user.get_username(), "asked_at": _moment(query.asked_at),
        "finished_at": _moment(query.finished_at), "state": query.state,
        "answer_sha256": None if query.answer is None else answer_sha256(query.answer),
    }  # fmt: skip


def _source(one: Any) -> dict[str, Any]:
    return {
        "claim": one.claim, "source": one.source, "label": one.label, "document": one.document_id,
        "document_sha256": one.document.sha256 if one.document else None, "start": one.start,
        "end": one.end, "fact": one.fact_id, "quote": one.quote, "url": one.url,
    }  # fmt: skip


def _feedback(said: Feedback) -> dict[str, Any]:
    return {
        "kind": "feedback", "query": str(said.query_id), "by": said.user.get_username(),
        "is_accurate": said.is_accurate, "comment": said.comment, "at": _moment(said.given_at),
        "worth_usd": None if said.worth_usd is None else str(said.worth_usd),
    }  # fmt: skip


def _read(read: Read) -> dict[str, Any]:
    return {
        "kind": "read", "query": str(read.query), "by": read.user.get_username(),
        "way": read.way, "at": _moment(read.at), "answer_sha256": read.answer_sha256,
        "documents": read.documents, "facts": read.facts,
    }  # fmt: skip


def _event(event: AuditEvent) -> dict[str, Any]:
    return {
        "kind": "event", "action": event.action, "at": _moment(event.at),
        "by": event.actor.get_username() if event.actor else None, "detail": event.detail,
    }  # fmt: skip


def _moment(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
