"""How long a prompt is, by the provider's own counter."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace

import redis
import structlog

from llm import outgoing, routing, shared
from llm.errors import CallFailed
from llm.estimating import estimate_tokens
from llm.providers import setup
from llm.routing import Rung
from llm.values import Ask, Request

log = structlog.get_logger(__name__)

KEEP_SECONDS = 24 * 3600


def count_tokens(ask: Ask) -> int:
    """Of the prompt as the first model of its ladder would read it; kept for a day by its content.

    Where no provider answers, our own estimate.
    """
    request, _ = outgoing.request(ask, Rung("", ""))
    guess = estimate_tokens(replace(request, model="claude"))
    rung = next(iter(routing.models(ask, guess)), None)
    if rung is None:
        return guess
    request = replace(request, model=rung.model, effort=rung.effort)
    key = shared.key(rung.provider, f"count:{_content(request)}")
    with suppress(redis.RedisError):
        if known := shared.client().get(key):
            return int(known)
    try:
        counted = setup.provider(rung.provider).count(request)
    except CallFailed as failure:
        log.warning("llm.count_failed", provider=rung.provider, kind=failure.kind)
        return guess
    with suppress(redis.RedisError):
        shared.client().set(key, counted, ex=KEEP_SECONDS)
    return counted


def _content(request: Request) -> str:
    told = [
        request.model,
        [part.text for part in request.system],
        [[turn.role, [part.text for part in turn.parts]] for turn in request.turns],
        request.schema,
        request.effort,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
