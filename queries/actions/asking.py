"""A question becomes a row, once, before anything is done for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import redis
import structlog
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from llm import shared
from queries import claims
from queries.actions.errors import KeyReused, NotAskable, NotThere, NotYours
from queries.eventlog.codec import cleaned
from queries.models import Conversation, Query
from queries.values import LONGEST_QUESTION, Depth

log = structlog.get_logger(__name__)

MOST_STOCKS = 20
LONGEST_TITLE = 80


def ask(
    *,
    user: User,
    question: str,
    stocks: Sequence[str] = (),
    depth: Depth | None = None,
    as_of: datetime | None = None,
    conversation: UUID | None = None,
    key: str = "",
    is_taken: bool = False,
) -> tuple[Query, bool]:
    """The query's row, and whether it is new. Without a conversation one is begun.

    ``is_taken``: a new one is the caller's to answer under a lease (`run_taken`). The same ``key``
    with the same question is the same query, however often and at once it is sent.
    Raises NotAskable, KeyReused, NotThere, NotYours.
    """
    question, wanted = _checked(question), _chosen(stocks)
    body = _digest(question, wanted, depth, as_of, conversation)
    try:  # nearly every key is new, so it is looked up only where it turns out not to be
        with transaction.atomic():
            if conversation is None:
                talk, number = _talk(user, question, wanted), 1
                talk.save(force_insert=True)
            else:
                talk = _gone_on(user, conversation)
                number = (talk.queries.aggregate(last=Max("number"))["last"] or 0) + 1
            taken = claims.taken_values() if is_taken else {}
            query = _query(talk, number, user, question, wanted, depth, as_of, key, body, **taken)
            query.save(force_insert=True)
            return query, True
    except (IntegrityError, NotThere, NotYours):
        # The key was sent before, or a rival with it was first; ours is rolled back whole.
        if key and (known := under_key(user, key, body)):
            return known, False
        raise


def unwritten(
    *,
    user: User,
    question: str,
    stocks: Sequence[str] = (),
    depth: Depth | None = None,
    as_of: datetime | None = None,
    key: str = "",
) -> Query:
    """The first question of a new conversation, without rows yet. Raises NotAskable."""
    question, wanted = _checked(question), _chosen(stocks)
    talk, body = _talk(user, question, wanted), _digest(question, wanted, depth, as_of, None)
    return _query(talk, 1, user, question, wanted, depth, as_of, key, body, attempts=1)


def hand_over(query: Query) -> None:
    """Say to whoever answers that this one waits. Without Valkey it is found in its table."""
    try:
        shared.client().rpush(waiting_key(), str(query.pk))
    except redis.RedisError as error:
        log.warning("queries.not_handed_over", query=str(query.pk), error=type(error).__name__)


def waiting_key() -> str:
    return shared.key("queries", "waiting")


def _checked(question: str) -> str:
    if not question.strip():
        raise NotAskable("The question is empty. Write what you want to know.")
    if len(question) > LONGEST_QUESTION:
        raise NotAskable(
            f"The question has {len(question):,} characters. Ask in at most {LONGEST_QUESTION:,}."
        )
    if cleaned(question) != question:
        raise NotAskable("The question has characters that aren't text (U+0000 or halves).")
    return question


def _chosen(stocks: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(one.upper() for one in stocks))
    if len(wanted) > MOST_STOCKS:
        raise NotAskable(f"{len(wanted)} stocks were chosen. Choose at most {MOST_STOCKS}.")
    return wanted


def _digest(*parts: Any) -> str:
    told = json.dumps([str(one) if one is not None else None for one in parts])
    return hashlib.sha256(told.encode()).hexdigest()


_UNDER_KEY = "SELECT id, body_sha256 FROM queries_query WHERE user_id = %s AND key = %s"


def under_key(user: User, key: str, body: str) -> Query | None:
    """The query that was sent under the key. Raises KeyReused where it asked something else."""
    with connection.cursor() as cursor:  # asked for each question, and nearly always in vain
        cursor.execute(_UNDER_KEY, [user.pk, key])
        found = cursor.fetchone()
    if found is None:
        return None
    if found[1] != body:
        raise KeyReused
    return Query.objects.get(pk=found[0])


def _talk(user: User, question: str, stocks: tuple[str, ...]) -> Conversation:
    return Conversation(owner=user, title=title_of(question), stocks=list(stocks))


def _gone_on(user: User, wanted: UUID) -> Conversation:
    """Locked, so that two tabs that ask at once get a number each."""
    seen = Conversation.objects.visible_to(user)
    talk = seen.select_for_update(of=("self",)).filter(pk=wanted).first()
    if talk is None:
        raise NotThere(f"There is no conversation {wanted}.")
    if talk.owner_id != user.pk:
        raise NotYours("This conversation was shared with you to read. Begin one of your own.")
    talk.updated_at = timezone.now()
    talk.save(update_fields=["updated_at"])
    return talk


def _query(
    talk: Conversation, number: int, user: User, question: str, stocks: tuple[str, ...],
    depth: Depth | None, as_of: datetime | None, key: str, body: str, **taken: Any,
) -> Query:  # fmt: skip
    return Query(
        conversation=talk, number=number, user=user, question=question, stocks=list(stocks),
        depth_asked=depth or "", as_of=as_of, key=key, body_sha256=body, **taken,
    )  # fmt: skip


def title_of(question: str) -> str:
    """The question's first words, on one line."""
    line = " ".join(question.split())
    if len(line) <= LONGEST_TITLE:
        return line
    cut = line[:LONGEST_TITLE]
    return f"{cut.rpartition(' ')[0] or cut[:-1]}…"
