"""That somebody was shown an answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from queries.ending import citations_of
from queries.eventlog.codec import Unreadable, answer_of
from queries.models import Query, Read


def note_reads(*, queries: Iterable[Query], by: User, way: Read.Way) -> None:
    """A row for each of the queries that has an answer to be seen."""
    rows = [_row(one, by, way) for one in queries if one.answer is not None and not one.is_open]
    if len(rows) == 1:  # a statement, where many take a transaction
        rows[0].save(force_insert=True)
    else:
        Read.objects.bulk_create(rows)


def answer_sha256(answer: Any) -> str:
    """Of an answer as the database has it."""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()


def _row(query: Query, by: User, way: Read.Way) -> Read:
    documents, facts = _cited(query)
    return Read(
        user_id=by.pk, conversation=query.conversation_id, query=query.pk, way=way,
        answer_sha256=answer_sha256(query.answer), documents=documents, facts=facts,
    )  # fmt: skip


def _cited(query: Query) -> tuple[list[int], list[int]]:
    try:
        cited = citations_of(answer_of(query.answer))
    except Unreadable:
        return [], []
    documents = {one.document for one in cited if one.document is not None}
    facts = {one.fact for one in cited if one.fact is not None}
    return sorted(documents), sorted(facts)
