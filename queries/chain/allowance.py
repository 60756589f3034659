"""How much a user may still ask, counted by all processes together in Valkey (allow.lua).

While Valkey is away each process counts by itself: nobody is turned away for its sake, and nobody
can flood us for its sake either. The day isn't counted then.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from costs.periods import period_of
from llm import shared
from queries.models import UsagePlan, plan_of

ALLOW = Path(__file__).with_name("allow.lua").read_text()
# A killed process's questions stop counting as under way after this.
LEASE_SECONDS = 120.0
WINDOW_SECONDS = 60.0


@dataclass(frozen=True)
class Allowance:
    """``refused``: "", minute, day or at_once, and for how many ``seconds``.

    ``reset_seconds``: until the oldest question of the last minute counts no more. Counts are
    with the question that was let through.
    """

    plan: UsagePlan
    refused: str
    seconds: float
    minute_used: int
    reset_seconds: float
    day_used: int
    day_left_seconds: float


def take(user: int, query: str, plan: UsagePlan) -> Allowance:
    """Count the question and give it one of the plan's places, to be given back by `leave`."""
    return _asked(user, query, plan, is_taken=True)


def renew(user: int, query: str, plan: UsagePlan) -> None:
    """Keep its place for another LEASE_SECONDS."""
    _asked(user, query, plan, is_taken=True)


def leave(user: int, query: str) -> None:
    """The question is no longer under way."""
    _alone.leave(user, query)
    try:
        shared.run("return redis.call('ZREM', KEYS[1], ARGV[1])", _keys(user)[2:], [query])
    except shared.Away:
        return  # its lease ends


def standing(user: int) -> Allowance:
    """How the user stands now. Nothing is counted."""
    return _asked(user, "", plan_of(user), is_taken=False)


def headers(allowance: Allowance) -> dict[str, str]:
    """For an API's answer: of the limits of a minute and a day, the one that is nearer its end."""
    plan = allowance.plan
    minute = plan.requests_a_minute - allowance.minute_used
    day = plan.requests_a_day - allowance.day_used
    by_day = day < minute
    limit = plan.requests_a_day if by_day else plan.requests_a_minute
    reset = allowance.day_left_seconds if by_day else allowance.reset_seconds
    told = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(max(0, day if by_day else minute)),
        "RateLimit-Reset": str(_up(reset)),
        "RateLimit-Policy": f"{plan.requests_a_minute};w=60, {plan.requests_a_day};w=86400",
    }
    if allowance.refused:
        told["Retry-After"] = str(max(1, _up(allowance.seconds)))
    return told


def _up(seconds: float) -> int:
    return int(-(-seconds // 1))


def _asked(user: int, query: str, plan: UsagePlan, *, is_taken: bool) -> Allowance:
    left = _day_left().total_seconds()
    arguments: list[Any] = [
        query, plan.requests_a_minute, plan.requests_a_day, plan.at_once,
        int(LEASE_SECONDS * 1000), int(left * 1000), int(is_taken),
    ]  # fmt: skip
    try:
        verdict, wait, minute, reset, day = shared.run(ALLOW, _keys(user), arguments)
    except shared.Away:
        return _alone.asked(user, query, plan, left, is_taken=is_taken)
    refused = "" if verdict == "go" else str(verdict)
    return Allowance(
        plan, refused, int(wait) / 1000, int(minute), int(reset) / 1000, int(day), left
    )


def _keys(user: int) -> list[str]:
    broker: dict[str, Any] = settings.DRAMATIQ_BROKER
    prefix = f"{broker['OPTIONS']['namespace']}:queries:rate:{user}"
    return [f"{prefix}:minute", f"{prefix}:{timezone.localdate():%Y-%m-%d}", f"{prefix}:seats"]


def _day_left() -> timedelta:
    now = timezone.now()
    return period_of("day", now, timezone.get_default_timezone())[1] - now


@dataclass
class _Own:
    """What this process knows of one user."""

    asked: deque[tuple[float, str]] = field(default_factory=deque)
    seats: dict[str, float] = field(default_factory=dict)  # id to the moment its lease ends


class _Alone:
    """The same, in this process alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: dict[int, _Own] = {}

    def asked(
        self, user: int, query: str, plan: UsagePlan, left: float, *, is_taken: bool
    ) -> Allowance:
        now = time.monotonic()
        with self._lock:
            own = self._users.setdefault(user, _Own())
            while own.asked and own.asked[0][0] <= now - WINDOW_SECONDS:
                own.asked.popleft()
            own.seats = {one: until for one, until in own.seats.items() if until > now}
            refused, wait = self._taken(own, query, plan, now) if is_taken else ("", 0.0)
            reset = own.asked[0][0] + WINDOW_SECONDS - now if own.asked else 0.0
            return Allowance(plan, refused, wait, len(own.asked), reset, 0, left)

    def leave(self, user: int, query: str) -> None:
        with self._lock:
            if (own := self._users.get(user)) is None:
                return
            own.seats.pop(query, None)
            if not own.seats and (
                not own.asked or own.asked[-1][0] <= time.monotonic() - WINDOW_SECONDS
            ):
                del self._users[user]

    @staticmethod
    def _taken(own: _Own, query: str, plan: UsagePlan, now: float) -> tuple[str, float]:
        if query not in own.seats and len(own.seats) >= plan.at_once:
            return "at_once", 5.0
        if all(one != query for _, one in own.asked):
            if len(own.asked) >= plan.requests_a_minute:
                return "minute", own.asked[0][0] + WINDOW_SECONDS - now
            own.asked.append((now, query))
        own.seats[query] = now + LEASE_SECONDS
        return "", 0.0


_alone = _Alone()


def forget() -> None:
    """What this process counted by itself."""
    global _alone
    _alone = _Alone()
