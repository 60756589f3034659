"""A stable beginning put into a provider's cache before many calls share it.

Calls that start side by side all miss, and all pay for writing it: so one writes first, and
the others wait for it.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile

import redis
import structlog

from llm import outgoing, routing, shared
from llm.calling import Call, Step
from llm.estimating import estimate_tokens
from llm.routing import Rung
from llm.trying import tried
from llm.values import Ask, Part, Request, Turn

log = structlog.get_logger(__name__)

# Noted for a little less than the provider keeps it.
TTL_SECONDS = {False: 300 - 20, True: 3600 - 60}
FAILED_SECONDS = 10  # not tried again by all who waited for it
LONGEST_SECONDS = 60.0
LOOK_AGAIN = 0.05
# The question that a warm-up needs and the cache doesn't hold.
REST = (Turn("user", (Part("-"),)),)

_UNLOCK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


def warm(ask: Ask) -> None:
    """See to it that the provider's cache holds the stable beginning of ``ask``.

    Once for all who call at the same time, and again when it has run out there. Nothing where it
    is too short to be kept, or the provider fills its cache by itself. That it fails is logged
    and costs only the saving. Raises costs.errors.OverBudget.
    """
    request, _ = outgoing.request(ask, Rung("", ""))
    rung = next(iter(routing.models(ask, estimate_tokens(replace(request, model="claude")))), None)
    if rung is None or not routing.is_warmed(rung.provider):
        return
    beginning = stable(replace(request, model=rung.model, effort=rung.effort))
    if estimate_tokens(beginning) < routing.cache_minimum(rung.model):
        return
    try:
        _once(ask, rung, beginning)
    except (redis.RedisError, shared.Away) as error:
        log.warning("llm.not_warmed", model=rung.model, why=type(error).__name__)


def stable(request: Request) -> Request:
    """The request up to the end of its last stable part, with nothing to answer."""
    turns: list[Turn] = []
    for turn in request.turns:
        parts = tuple(takewhile(lambda part: part.is_stable, turn.parts))
        if parts:
            turns.append(replace(turn, parts=parts))
        if len(parts) < len(turn.parts):
            break
    if not turns or turns[-1].role != "user":
        turns += REST
    return replace(request, turns=tuple(turns), max_output_tokens=0)


def _once(ask: Ask, rung: Rung, beginning: Request) -> None:
    name = shared.key(rung.provider, f"warm:{_content(beginning)}")
    done, lock, mine = f"{name}:done", f"{name}:lock", uuid.uuid4().hex
    until = time.monotonic() + min(ask.seconds, LONGEST_SECONDS)
    client = shared.client()
    while not client.exists(done):
        if client.set(lock, mine, nx=True, px=int(LONGEST_SECONDS * 1000)):
            try:
                if not client.exists(done):
                    warmed = _sent(ask, rung, beginning)
                    ttl = TTL_SECONDS[beginning.hold_1h] if warmed else FAILED_SECONDS
                    client.set(done, "1", ex=ttl)
                return
            finally:
                with suppress(shared.Away):  # it runs out
                    shared.run(_UNLOCK, [lock], [mine])
        if time.monotonic() > until:
            return
        time.sleep(LOOK_AGAIN)


def _sent(ask: Ask, rung: Rung, beginning: Request) -> bool:
    call = Call(replace(ask, schema=None, replay=""), "warm")
    if tried(call, Step(rung, beginning, after=0)) is not None:
        return True
    log.warning("llm.not_warmed", model=rung.model, why=type(call.ended).__name__)
    return False


def _content(request: Request) -> str:
    digest = hashlib.sha256(f"{request.model} {request.effort} {request.hold_1h}\0".encode())
    digest.update(repr(request.schema).encode())
    for part in (*request.system, *(part for turn in request.turns for part in turn.parts)):
        digest.update(part.text.encode() + b"\0")
    return digest.hexdigest()
