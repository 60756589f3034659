"""What a reader says of an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from queries.actions.errors import NotAskable, NotNow, NotThere
from queries.eventlog.codec import cleaned
from queries.models import Conversation, Feedback, Query
from queries.tasks import push_feedback

LONGEST_COMMENT = 2_000
MOST_USD = Decimal(100_000)


@transaction.atomic
def give_feedback(
    *,
    query: UUID,
    by: User,
    is_accurate: bool | None = None,
    worth_usd: Decimal | None = None,
    comment: str = "",
) -> Feedback:
    """A reader's one word on it; the next replaces it. Raises NotThere, NotNow, NotAskable."""
    row = readable(by).filter(pk=query).first()
    if row is None:
        raise NotThere(f"There is no query {query}.")
    if row.is_open:
        raise NotNow("It isn't answered yet. Say what you think of it when it is.")
    said = cleaned(comment).strip()
    if is_accurate is None and worth_usd is None and not said:
        raise NotAskable("Say whether it was accurate, what it was worth, or something of it.")
    if len(said) > LONGEST_COMMENT:
        raise NotAskable(f"Comment in at most {LONGEST_COMMENT:,} characters.")
    if worth_usd is not None and not 0 <= worth_usd < MOST_USD:
        raise NotAskable(f"What it was worth is 0 to {MOST_USD:,} USD.")
    told: dict[str, Any] = {"is_accurate": is_accurate, "worth_usd": worth_usd, "comment": said}
    given, _ = Feedback.objects.update_or_create(
        query=row, user=by, defaults={**told, "pushed_at": None}
    )
    if settings.FEEDBACK_TO_LANGSMITH:
        transaction.on_commit(lambda: push_feedback.send(given.pk))
    return given


def readable(user: User) -> Any:
    """Queries of conversations that the user sees, as far as the licences reach."""
    seen = Conversation.objects.visible_to(user)
    return Query.objects.readable_by(user).filter(conversation__in=seen.values("pk"))
