"""Ending a query early, and beginning one again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import redis
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from queries.actions.asking import hand_over
from queries.actions.errors import NotNow, NotThere
from queries.ending import STOPPED
from queries.eventlog import log as eventlog
from queries.models import Query

# What may go well the next time; the others would end the same way.
AGAIN = frozenset({"rate_limited", "over_budget", "unavailable", "failed", "stopped"})


def stop(*, query: UUID, by: User) -> Query:
    """Ask for its end; at once where nobody is at it. One that has ended stays as it is.

    Raises NotThere.
    """
    own = Query.objects.filter(pk=query, user=by, conversation__deleted_at__isnull=True)
    if not own.exists():
        raise NotThere(f"There is no query {query}.")
    eventlog.ask_to_stop(str(query))
    rows = Query.objects.filter(pk=query)
    rows.open().update(stop_asked_at=Now())
    idle = Q(state=Query.State.ASKED) | Q(Q(state=Query.State.RUNNING), ~Q(lease_until__gte=Now()))
    ended = rows.filter(idle).update(
        state=Query.State.STOPPED, claim_token=None, lease_until=None,
        finished_at=timezone.now(), code=STOPPED.code, message=STOPPED.text,
    )  # fmt: skip
    if ended:
        eventlog.EventLog(str(query)).append(STOPPED)  # who listens hears it
    return rows.get()


def resume(*, query: UUID, by: User) -> Query:
    """Begin again what broke off, was stopped, or was refused for want of room: under the same
    id, so that what models said for it is not paid for again. Raises NotThere, NotNow."""
    own: Any = Query.objects.filter(pk=query, user=by, conversation__deleted_at__isnull=True)
    with transaction.atomic():
        row = own.select_for_update(of=("self",)).first()
        if row is None:
            raise NotThere(f"There is no query {query}.")
        if row.is_open:
            return Query.objects.get(pk=query)
        if row.code not in AGAIN:
            raise NotNow("It has its answer. Ask a new question in the conversation.")
        own.update(
            state=Query.State.ASKED, finished_at=None, attempts=0, code="", message="",
            retry_after=None, stop_asked_at=None, answer=None,
        )  # fmt: skip
        row.citations.all().delete()
        row.checkpoints.all().delete()
        row.plans.clear()
    _clear(str(query))
    found = Query.objects.get(pk=query)
    hand_over(found)
    return found


def _clear(query: str) -> None:
    """The flag and what was told; without Valkey both are gone anyway, or run out."""
    try:
        eventlog.forget(query)
    except redis.RedisError:
        return
