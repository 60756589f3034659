"""No money left, said before the work and in the middle of it alike, with when there is more.

The door reserves and settles each call (costs/budgets). Behind the cache: what was answered
already costs nothing and is told again, however little is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

import llm
from costs.budgets import room_for
from costs.errors import OverBudget
from costs.models import Category
from queries.chain.opening import opened
from queries.chain.tracing import traced
from queries.values import Asked, Depth, Event, Handler, Refused

# No call to a model costs less: with less left none would be let through.
LEAST_USD = Decimal("0.0001")


@traced
def budget(asked: Asked, handler: Handler) -> Iterator[Event]:
    """A depth that is sure to ask a model is refused early; where the question decides the depth,
    facts may answer it for nothing, and the door refuses what they don't."""
    if (resets_at := _nothing_left_until(asked)) is not None:
        yield refused(resets_at)
        return
    try:
        with opened(handler, asked) as events:
            yield from events
    except OverBudget as error:
        yield refused(error.resets_at)


def refused(resets_at: datetime) -> Refused:
    """What was told before it stays told."""
    local = resets_at.astimezone(timezone.get_default_timezone())
    seconds = max(1, int((resets_at - timezone.now()).total_seconds()) + 1)
    return Refused(
        "over_budget",
        f"The budget for questions is used up until {local:%d %B %Y %H:%M %Z}. Until then quick "
        "answers from facts and published summaries still work; an administrator can raise it.",
        retry_after=seconds,
    )


def _nothing_left_until(asked: Asked) -> datetime | None:
    if asked.depth in (None, Depth.QUICK) or not llm.is_set_up():
        return None
    full = room_for(Category.QUERIES, asked.user, asked.team, LEAST_USD)
    return full.resets_at if full else None
