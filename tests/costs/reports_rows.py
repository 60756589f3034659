"""Ledger rows for reports: each plainly given, or a month of all kinds of them by a seed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from costs.models import Price, Team, UsageRecord
from costs.pricing import cost
from costs.tokens import Tokens

AT = datetime(2026, 11, 10, 15, tzinfo=UTC)
HAIKU, SONNET, LUNA = "claude-haiku-5-5", "claude-sonnet-5-5", "gpt-6-luna"


def price(model: str = SONNET, above: int = 0, **given: Any) -> Price:
    """A band; 2, 2.50, 4, 0.20 and 10 USD for a million tokens, half in a batch."""
    plain: dict[str, Any] = {
        "provider": "anthropic", "effective_from": datetime(2026, 1, 1, tzinfo=UTC),
        "input_usd": "2", "cache_write_usd": "2.5", "cache_write_1h_usd": "4",
        "cache_read_usd": "0.2", "output_usd": "10", "batch_factor": "0.5",
    }  # fmt: skip
    made = Price.objects.create(model=model, above_tokens=above, **{**plain, **given})
    made.refresh_from_db()
    return made


def row(of: Price, tokens: Tokens | None = None, at: datetime = AT, **given: Any) -> UsageRecord:
    """An attempt that was settled at its price; not saved. ``state``, ``error``… may be given."""
    used = tokens or Tokens(input=1000, output=100)
    if given.get("state") == "failed":
        used = Tokens()
    is_open = given.get("state") == "sending"
    plain: dict[str, Any] = {
        "call": uuid.uuid4(), "state": "settled", "operation": "write", "category": "batch",
        "agent": "summariser", "sent_at": at, "ended_at": None if is_open else at,
        "is_estimate": given.get("state") == "unknown",
        "cost_usd": cost(used, of, is_batch=given.get("is_batch", False)),
    }  # fmt: skip
    return UsageRecord(
        provider=of.provider, model=of.model, price=of, input_tokens=used.input,
        cache_write_tokens=used.cache_write, cache_write_1h_tokens=used.cache_write_1h,
        cache_read_tokens=used.cache_read, output_tokens=used.output,
        thinking_tokens=used.thinking, **{**plain, **given},
    )  # fmt: skip


def add(*rows: UsageRecord) -> list[UsageRecord]:
    return UsageRecord.objects.bulk_create(rows, batch_size=2000)


def bands() -> dict[str, list[Price]]:
    """Two providers' price lists, the base band first."""
    return {
        HAIKU: [
            price(HAIKU, input_usd="0.1", cache_write_usd="0.125", cache_write_1h_usd="0.2",
                  cache_read_usd="0.01", output_usd="0.5"),
            price(HAIKU, 100_000, input_usd="0.5", cache_write_usd="0.625",
                  cache_write_1h_usd="1", cache_read_usd="0.05", output_usd="2.5"),
        ],
        SONNET: [price(SONNET)],
        LUNA: [price(LUNA, provider="openai", input_usd="0.1", cache_write_usd="0.125",
                     cache_write_1h_usd="0.2", cache_read_usd="0.01", output_usd="0.5")],
    }  # fmt: skip


AGENTS = (("summariser", "write"), ("summariser", "rewrite"), ("researcher", "answer"),
          ("judge", "grade"), ("embedding", ""))  # fmt: skip
FAILURES = ("overloaded", "rate_limited", "timed_out", "server")


def many(
    count: int, start: datetime, days: int, users: list[User], teams: list[Team], seed: int = 7
) -> Iterator[UsageRecord]:
    """Attempts of all kinds over the days, about one in 50 failed and answered by the other."""
    chance, lists, made = random.Random(seed), bands(), 0
    while made < count:
        at = start + timedelta(seconds=chance.uniform(0, days * 86_400))
        calls = list(_call(chance, lists, at, users, teams))
        made += len(calls)
        yield from calls


def _call(
    chance: random.Random, lists: dict[str, list[Price]], at: datetime, users: list[User],
    teams: list[Team],
) -> Iterator[UsageRecord]:  # fmt: skip
    agent, task = chance.choice(AGENTS)
    is_query = agent == "researcher"
    about: dict[str, Any] = {
        "call": uuid.UUID(int=chance.getrandbits(128), version=4), "agent": agent, "task": task,
        "category": "queries" if is_query else "batch", "is_batch": not is_query and chance.random() < 0.5,
        "stock": f"S{chance.randrange(1000):03}", "query": f"q-{chance.randrange(3000)}" if is_query else "",
        "run": "" if is_query else f"{chance.randrange(5)}",
        "user": chance.choice(users) if is_query and users else None,
        "team": chance.choice(teams) if is_query and teams else None,
        "prompt": "" if agent == "embedding" else f"{agent}-{task}", "prompt_version": "3f9a" * 4,
        "variant": chance.choice(("", "", "tone/short", "tone/long")),
        "operation": "stream" if is_query else "write",
    }  # fmt: skip
    model = chance.choice((HAIKU, HAIKU, SONNET))
    if chance.random() < 0.02:
        fate: dict[str, Any] = {"state": "failed", "error": chance.choice(FAILURES)}
        if chance.random() < 0.2:
            fate = {"state": "unknown", "error": "timed_out"}
        if chance.random() < 0.2:
            fate = {"error": "broken", "was_partial": True}
        yield row(lists[model][0], _tokens(chance), at, **about, **fate)
        about["attempt"], model = 2, LUNA
    tokens = _tokens(chance)
    of = [one for one in lists[model] if one.above_tokens == 0 or tokens.prompt > one.above_tokens]
    ms = None if about["is_batch"] else int(chance.lognormvariate(8, 0.6))
    yield row(of[-1], tokens, at + timedelta(seconds=5), latency_ms=ms,
              estimated_tokens=int(tokens.prompt * chance.uniform(0.95, 1.1)), **about)  # fmt: skip


def _tokens(chance: random.Random) -> Tokens:
    is_long = chance.random() < 0.01
    return Tokens(
        input=chance.randrange(500, 9000) + (100_000 if is_long else 0),
        cache_write=chance.choice((0, 0, 0, 4096)), cache_read=chance.choice((0, 4096, 4096)),
        output=(output := chance.randrange(50, 1500)), thinking=output // 5,
    )  # fmt: skip
