"""A quick question answered where it comes in, and written once: with its answer.

No model is paid for it, and nobody can look at it before it is there, so nothing of it is kept on
the way: no lease, no log of its events. If the process dies, nothing was asked, and who sends it
again under its key is answered then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from queries.actions.asking import under_key, unwritten
from queries.actions.reading import note_reads
from queries.answerer import handler_for
from queries.asked import asked_of
from queries.ending import FAILED, Told, write
from queries.models import Query, Read
from queries.running import PASSING, close, log_failed
from queries.values import Depth, Event, Finished, Refused
from summaries import books


def ask_at_once(
    *,
    user: User,
    question: str,
    stocks: Sequence[str] = (),
    depth: Depth | None = None,
    as_of: datetime | None = None,
    key: str = "",
    way: Read.Way,
) -> tuple[Query, bool]:
    """The query at its end, and whether it is new: a key that was sent before keeps its query,
    which may be open. The question begins a conversation, and is answered as a quick one; that its
    asker was shown it, by this ``way``, is noted with it.

    Raises NotAskable, KeyReused, and what the database raises: then nothing is written.
    """
    query = unwritten(
        user=user, question=question, stocks=stocks, depth=depth, as_of=as_of, key=key
    )
    if key and (known := under_key(user, key, query.body_sha256)):
        return known, False
    told, ending = _answered(query)
    try:
        with transaction.atomic():
            write(query, told, ending)
            note_reads(queries=[query], by=user, way=way)
    except IntegrityError:
        # A rival with the same key was first; ours is rolled back whole.
        if key and (known := under_key(user, key, query.body_sha256)):
            return known, False
        raise
    return query, True


def _answered(query: Query) -> tuple[Told, Event]:
    told = Told()
    try:
        with books.one_listing():
            return told, _through(query, told)
    except PASSING:
        raise
    except Exception as error:
        log_failed(str(query.pk), error)
        return told, FAILED


def _through(query: Query, told: Told) -> Event:
    ending: Event = FAILED
    events = handler_for(query.user)(replace(asked_of(query), depth=Depth.QUICK))
    try:
        for event in events:
            if isinstance(event, Finished | Refused):
                ending = event  # read on: what stands around the handler may have to tidy up
            else:
                told.take(event)
    finally:
        close(events)
    return ending
