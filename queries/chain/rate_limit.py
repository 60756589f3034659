"""Only so many questions a minute, a day and at once, by the user's plan (allowance.py)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from queries.chain import allowance
from queries.chain.allowance import Allowance
from queries.chain.opening import opened
from queries.chain.tracing import traced
from queries.models import UsagePlan, plan_of
from queries.values import Asked, Event, Handler, Refused

RENEW_SECONDS = allowance.LEASE_SECONDS / 4


@traced
def rate_limit(asked: Asked, handler: Handler) -> Iterator[Event]:
    plan = plan_of(asked.user)
    if asked.depth is not None and asked.depth not in plan.depths:
        yield not_in_plan(plan, asked.depth)
        return
    allowed = allowance.take(asked.user, asked.id, plan)
    if allowed.refused:
        yield refused(allowed)
        return
    renewed = time.monotonic()
    try:
        with opened(handler, asked) as events:
            for event in events:
                if time.monotonic() - renewed > RENEW_SECONDS:
                    allowance.renew(asked.user, asked.id, plan)
                    renewed = time.monotonic()
                yield event
    finally:
        allowance.leave(asked.user, asked.id)


def not_in_plan(plan: UsagePlan, depth: str) -> Refused:
    return Refused(
        "not_in_plan",
        f"{depth.capitalize()} answers are not in the plan “{plan.name}”, which has "
        f"{' and '.join(plan.depths)} ones. Ask for one of those, or ask an administrator for "
        "another plan.",
    )


def refused(allowed: Allowance) -> Refused:
    plan, seconds = allowed.plan, max(1, round(allowed.seconds + 0.5))
    at = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    said = {
        "minute": f"{plan.requests_a_minute} questions a minute are asked. Ask again in {seconds} s.",
        "day": f"Today's {plan.requests_a_day:,} questions are asked. "
        f"Ask again from {at:%d %B %Y %H:%M %Z}.",
        "at_once": f"{plan.at_once} of your questions are being answered, which is as many as "
        "may be at once. Ask again when one has ended.",
    }
    return Refused(
        "rate_limited", f"{said[allowed.refused]} (Plan “{plan.name}”.)", retry_after=seconds
    )
