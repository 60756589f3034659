"""A query's row as the question that a handler is asked, with the conversation before it."""

from __future__ import annotations

from costs.models import Team
from queries.eventlog.codec import Unreadable, answer_of
from queries.models import Query
from queries.values import Asked, Depth, Exchange

EXCHANGES = 6  # what follow-ups may refer to


def asked_of(query: Query) -> Asked:
    """As its asker may read now: what rests on a lost licence is no longer part of the talk."""
    return Asked(
        id=str(query.pk),
        question=query.question,
        user=query.user_id,
        team=team_of(query.user_id),
        depth=Depth(query.depth_asked) if query.depth_asked else None,
        stocks=tuple(query.stocks),
        as_of=query.as_of,
        before=_before(query),
    )


def team_of(user: int) -> int | None:
    """Whose budget it is beside the user's own: of several teams the first that was made."""
    return Team.objects.filter(members=user).order_by("pk").values_list("pk", flat=True).first()


def _before(query: Query) -> tuple[Exchange, ...]:
    if query.number == 1:
        return ()
    earlier = (
        Query.objects.readable_by(query.user)
        .filter(
            conversation=query.conversation_id,
            number__lt=query.number,
            state=Query.State.ANSWERED,
        )
        .order_by("-number")[:EXCHANGES]
    )
    return tuple(one for row in reversed(earlier) if (one := _exchange(row)) is not None)


def _exchange(query: Query) -> Exchange | None:
    try:
        answer = answer_of(query.answer)
    except Unreadable:  # of another version; the talk goes on without it
        return None
    stocks = dict.fromkeys((*query.stocks, *answer.stocks))
    return Exchange(query.question, answer.text, tuple(stocks))
