"""Questions for batches, and a driver whose time passes as fast as it is asked to."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from pydantic import BaseModel, Field

from costs.models import UsageRecord
from llm import outbox
from llm.errors import Waiting
from llm.models import MessageBatch
from llm.outbox.progress import anything_open
from llm.values import Ask, Complexity, Part, Prompt, Purpose, Reply, Turn
from tests.vendors import ModelSite

RUN = "weekly-7"
# What many questions share: longer than the providers' caches need.
MANUAL = "Write only what the evidence says. Cite each number. " * 1200


class Hook(BaseModel):
    """What a structured question wants."""

    headline: str = Field(min_length=3)
    score: int


def question(number: int = 1, *, run: str = RUN, **changes: Any) -> Ask:
    told: dict[str, Any] = {
        "purpose": Purpose(agent="writer", category="batch", stock=f"S{number}", run=run),
        "prompt": Prompt("hook", "v1", "Answer briefly."),
        "turns": (Turn("user", (Part(f"What of stock S{number} in the year {2000 + number}?"),)),),
        "complexity": Complexity.SIMPLE,
        "max_output_tokens": 200,
        "replay": f"hook:{number}",
    }
    return Ask(**{**told, **changes})


def put(asks: Iterable[Ask]) -> list[Ask]:
    """Into the outbox; the asks, to ask again."""
    asked = list(asks)
    for each in asked:
        with suppress(Waiting):
            outbox.ask(each)
    return asked


def questions(number: int, **changes: Any) -> list[Ask]:
    return [question(each, **changes) for each in range(1, number + 1)]


def see_through(start: datetime | None = None, *, most: int = 40, minutes: float = 1) -> datetime:
    """Submit and poll until nothing is open, each round so many minutes later; the last moment."""
    now = start or timezone.now()
    for _ in range(most):
        outbox.submit_due(now=now)
        outbox.poll_due(now=now)
        if not anything_open():
            return now
        now += timedelta(minutes=minutes)
    problems = list(MessageBatch.objects.values_list("state", "problem"))
    raise AssertionError(f"Something is open after {most} rounds: {problems}")


def replies(asks: Iterable[Ask]) -> list[Reply]:
    return [outbox.ask(each) for each in asks]


def spent() -> Decimal:
    """By the ledger."""
    total: Decimal = UsageRecord.objects.billed().aggregate(
        usd=Sum("cost_usd", default=Decimal(0))
    )["usd"]
    return total


def created(site: ModelSite) -> int:
    """How often a batch was asked for."""
    return sum(asked.endpoint == "batches.create" for asked in site.asked)


def assert_settled(site: ModelSite) -> None:
    """The ledger is the invoice, row by row, and no row is open."""
    billed = UsageRecord.objects.billed().exclude(provider="extractive")
    assert sorted(billed.values_list("response_id", flat=True)) == sorted(
        line.response_id for line in site.invoice.lines
    )
    assert spent() == site.invoice.total()
    assert not UsageRecord.objects.open().exists()
