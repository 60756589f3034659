"""What is asked for most, so that it can be answered before it is asked (chain/warming.py).

Counted only where warming is on, and only what was asked by chosen stocks or of none, without a
conversation. The questions are as masked: nobody's name is among them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from queries.cache import valkey
from queries.cache.keys import normalised
from queries.values import Asked

LONGEST = 300  # characters of a question worth asking again
MOST = 500  # questions and stocks that are counted
KEPT_SECONDS = 7 * 24 * 3600
# Of each day's count so much is left the day after.
FADING = 0.7


@dataclass(frozen=True)
class Popular:
    """``user``: one of those who asked, with whose rights it may be asked again."""

    question: str
    stocks: tuple[str, ...]
    user: int
    count: float = 0.0


def note(asked: Asked) -> None:
    """One more who asked this."""
    if not settings.WARM_ANSWERS or asked.before or asked.as_of or len(asked.question) > LONGEST:
        return
    told = Popular(asked.question, tuple(one.upper() for one in asked.stocks), asked.user)
    member = json.dumps([normalised(told.question), told.stocks])
    with suppress(valkey.Away):
        valkey.ask(lambda client: _count(client, member, told))


def _count(client: Any, member: str, told: Popular) -> None:
    pipe = client.pipeline(transaction=False)
    pipe.zincrby(valkey.name("asked"), 1, member)
    pipe.hset(valkey.name("askers"), member, json.dumps([told.question, told.stocks, told.user]))
    pipe.zremrangebyrank(valkey.name("asked"), 0, -MOST - 1)
    for stock in told.stocks:
        pipe.zincrby(valkey.name("stocks"), 1, stock)
    pipe.zremrangebyrank(valkey.name("stocks"), 0, -MOST - 1)
    for name in ("asked", "askers", "stocks"):
        pipe.expire(valkey.name(name), KEPT_SECONDS)
    pipe.execute()


def top_questions(count: int) -> list[Popular]:
    """Those asked for most, first. Raises valkey.Away."""
    ranked = valkey.ask(
        lambda client: client.zrevrange(valkey.name("asked"), 0, count - 1, withscores=True)
    )
    if not ranked:
        return []
    told = valkey.ask(
        lambda client: client.hmget(valkey.name("askers"), [member for member, _ in ranked])
    )
    found = zip(told, ranked, strict=True)
    return [replace(_read(body), count=score) for body, (_, score) in found if body is not None]


def top_stocks(count: int) -> list[str]:
    """Raises valkey.Away."""
    ranked = valkey.ask(lambda client: client.zrevrange(valkey.name("stocks"), 0, count - 1))
    return [ticker.decode() for ticker in ranked]


def fade() -> None:
    """What was asked for yesterday counts for less than what is today. Raises valkey.Away."""

    def faded(client: Any) -> None:
        pipe = client.pipeline(transaction=False)
        for name in ("asked", "stocks"):
            pipe.zunionstore(valkey.name(name), {valkey.name(name): FADING})
            pipe.zremrangebyscore(valkey.name(name), "-inf", 0.2)
        pipe.execute()
        living = set(client.zrange(valkey.name("asked"), 0, -1))
        gone = [one for one in client.hkeys(valkey.name("askers")) if one not in living]
        if gone:
            client.hdel(valkey.name("askers"), *gone)

    valkey.ask(faded)


def _read(body: bytes) -> Popular:
    question, stocks, user = json.loads(body)
    return Popular(question, tuple(stocks), user)
