"""A golden month: 10,000 calls of all kinds, and the ledger equals the providers' invoice.

October 2026, so that a price changes on the way. Half of what can go wrong goes wrong: limits,
overload, broken streams, answers that never come, wrong usage, batches with entries that fail.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections
from django.db.models import Sum
from pydantic import BaseModel

import llm
from costs.budgets import ensure_budgets
from costs.models import Budget, BudgetPeriod, Reservation, UsageRecord
from costs.reconciling import import_export
from llm import outbox
from llm.embedding import EmbeddingError
from llm.errors import DoorError, Waiting
from llm.values import Ask, Complexity, Part, Piece, Prompt, Purpose, Turn
from tests.batch.site import until
from tests.vendors import Fault, Invoice, ModelSite, serving_models

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = 10_000
DAYS = 31
THREADS = 12
SUNDAYS = {4, 11, 18, 25}
IN_A_BATCH = 400
START = datetime(2026, 10, 1, 15, 0, tzinfo=UTC)

# A stable part long enough for the providers' caches, and a prompt beyond the small model's band.
STABLE = "State only what the sources say, and cite each number where it is printed. " * 220
LONG = "Revenue of the segment was 1,204.5 million, against 1,180.2 a year before. " * 7_000


class Claims(BaseModel):
    claims: list[str]


def prompt(name: str) -> Prompt:
    return Prompt(name=name, version="0123456789abcdef", text=STABLE)


def ask(number: int, *, complexity: Complexity, schema: bool = False, text: str = "") -> Ask:
    part = Part(text or f"[call {number}] Revenue rose to {number:,} million. What happened?")
    return Ask(
        purpose=Purpose(
            agent="golden", category="queries" if number % 3 else "batch", task="month",
            stock="ACME", query=f"q{number}",
        ),
        prompt=prompt(f"golden-{complexity.value}"),
        turns=(Turn("user", (part,)),),
        complexity=complexity,
        max_output_tokens=400,
        schema=Claims if schema else None,
        seconds=2.0,
    )  # fmt: skip


def one_call(number: int) -> None:
    """A call of the kind that its number says; what it comes to is the ledger's business."""
    connections.close_all()
    chance = random.Random(number)
    complexity = chance.choice(list(Complexity))
    with suppress(DoorError, EmbeddingError):
        match number % 20:
            case 0 | 1 | 2 | 3:
                streaming = llm.stream(ask(number, complexity=complexity))
                for event in streaming:
                    if number % 20 == 3 and isinstance(event, Piece):
                        streaming.stop()
            case 4 | 5 | 6 | 7:
                llm.write(ask(number, complexity=complexity, schema=True))
            case 8:
                llm.judge(ask(number, complexity=Complexity.SIMPLE, schema=True))
            case 9 if number % 500 == 9:
                llm.write(ask(number, complexity=Complexity.SIMPLE, text=f"{number} {LONG}"))
            case 10:
                llm.embed(
                    [f"passage {number} {k}" for k in range(3)],
                    Purpose(agent="embedder", category="infrastructure"),
                )
            case _:
                llm.write(ask(number, complexity=complexity))
    connections.close_all()


def faults() -> list[Fault]:
    return [
        Fault("status", status=429, retry_after=0.05, probability=0.01, seed=1),
        Fault("status", status=529, provider="anthropic", probability=0.006, seed=2),
        Fault("status", status=503, provider="openai", probability=0.01, seed=3),
        Fault("status", status=400, probability=0.002, seed=4),
        Fault("reset", probability=0.003, seed=5),
        Fault("hang", seconds=4, probability=0.0006, seed=6),
        Fault("malformed", probability=0.004, seed=7),
        Fault("cut", probability=0.006, seed=8, events=4),
        Fault("stream_error", probability=0.01, seed=9, events=4),
        Fault("unfinished", probability=0.01, seed=10, events=3),
        Fault("broken_schema", probability=0.01, seed=11),
        Fault("refusal", probability=0.004, seed=12),
        Fault("truncated", probability=0.004, seed=13),
        Fault("usage", usage="missing", probability=0.003, seed=14),
        Fault("usage", usage="negative", probability=0.002, seed=15),
        Fault("entry", result="errored", probability=0.02, seed=16),
        Fault("entry", result="expired", probability=0.01, seed=17),
    ]


@pytest.fixture
def site(settings: Any) -> Iterator[ModelSite]:
    with serving_models(faults(), tokens="approximate") as models:
        settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = "fake-key-for-tests"
        settings.ANTHROPIC_BASE_URL = models.anthropic_url
        settings.OPENAI_BASE_URL = models.openai_url
        settings.EMBEDDER = "openai/text-embedding-3-small"
        settings.LLM_CONCURRENCY = 64
        settings.LLM_REQUESTS_A_MINUTE = 10_000_000
        settings.LLM_TOKENS_A_MINUTE = 10_000_000_000
        call_command("load_prices", verbosity=0)
        ensure_budgets()
        Budget.objects.update(amount_usd=100_000)
        yield models


def test_the_ledger_of_a_month_equals_the_invoice(site: ModelSite) -> None:
    with time_machine.travel(START, tick=True) as traveller, ThreadPoolExecutor(THREADS) as pool:
        live = CALLS - len(SUNDAYS) * IN_A_BATCH
        for day in range(DAYS):
            all_is_billed(site)  # or a line of today would carry tomorrow's date
            traveller.move_to(START + timedelta(days=day))
            today = range(live * day // DAYS, live * (day + 1) // DAYS)
            for result in [pool.submit(one_call, number) for number in today]:
                result.result()
            if day + 1 in SUNDAYS:
                a_batch(day, traveller)
        end_of_month(site)
    assert site.failures == []
    assert UsageRecord.objects.count() >= CALLS
    assert unsettled() == {}
    assert told_by_ledger() == told_by(site)
    ledger = UsageRecord.objects.aggregate(usd=Sum("cost_usd"))["usd"]
    assert ledger == site.invoice.total()
    budgets_hold(ledger)


def a_batch(day: int, traveller: time_machine.Traveller) -> None:
    """A week's batch, driven to its end; some entries fail and are tried alone."""
    run = f"run-{day}"
    for number in range(IN_A_BATCH):
        with pytest.raises(Waiting):
            outbox.ask(batch_ask(day, number, run))
    for _ in range(100):
        outbox.submit_due(run=run)
        outbox.poll_due()
        if not outbox.open_entries(run):
            break
        traveller.shift(timedelta(minutes=2))  # longer than any pause between two looks
    assert outbox.open_entries(run) == 0


def batch_ask(day: int, number: int, run: str) -> Ask:
    one = ask(number, complexity=list(Complexity)[number % 3], schema=number % 2 == 0)
    purpose = Purpose(agent="golden", category="batch", task="batch", stock="ACME", run=run)
    return Ask(
        purpose=purpose, prompt=one.prompt, turns=one.turns, complexity=one.complexity,
        max_output_tokens=400, schema=one.schema, replay=f"{run}-{number}",
    )  # fmt: skip


def all_is_billed(site: ModelSite) -> None:
    """The providers have ended also what nobody waits for any more, and what a caller who gave up
    had sent but they had not read."""
    until(lambda: site.is_idle(), 30, "the providers have done all")


def end_of_month(site: ModelSite) -> None:
    """Dead calls are swept, and both providers' exports imported."""
    all_is_billed(site)
    call_command("reconcile_usage")
    for provider in ("anthropic", "openai"):
        lines = [line for line in site.invoice.lines if line.provider == provider]
        outcome = import_export(
            Invoice(site.invoice.prices, lines).csv().encode(), name=f"{provider}.csv",
            from_at=START - timedelta(days=1), until_at=START + timedelta(days=DAYS + 1),
        )  # fmt: skip
        assert outcome.is_same
        assert outcome.differences == ()


def unsettled() -> dict[str, int]:
    states = UsageRecord.objects.exclude(state__in=("settled", "failed")).values_list("state")
    found: dict[str, int] = defaultdict(int)
    for (state,) in states:
        found[state] += 1
    return dict(found)


Key = tuple[str, str, bool]


def told_by_ledger() -> dict[Key, tuple[Any, ...]]:
    """By model, band and batch: each class of tokens, and the money."""
    rows = UsageRecord.objects.billed().exclude(provider="extractive").order_by()
    summed = rows.values("model", "price__above_tokens", "is_batch").annotate(
        input=Sum("input_tokens"), short=Sum("cache_write_tokens"),
        long=Sum("cache_write_1h_tokens"), read=Sum("cache_read_tokens"),
        output=Sum("output_tokens"), usd=Sum("cost_usd"),
    )  # fmt: skip
    return {
        (row["model"], "long" if row["price__above_tokens"] else "base", row["is_batch"]): (
            row["input"], row["short"], row["long"], row["read"], row["output"], row["usd"],
        )
        for row in summed
    }  # fmt: skip


def told_by(site: ModelSite) -> dict[Key, tuple[Any, ...]]:
    found: dict[Key, list[Any]] = defaultdict(lambda: [0, 0, 0, 0, 0, Decimal(0)])
    for line in site.invoice.lines:
        band = "long" if site.invoice.price(line).over else "base"
        sums = found[line.model, band, line.batch]
        told = (
            line.input_tokens, line.cache_write_5m_tokens, line.cache_write_1h_tokens,
            line.cache_read_tokens, line.output_tokens, site.invoice.amount(line),
        )  # fmt: skip
        for at, value in enumerate(told):
            sums[at] += value
    return {key: tuple(sums) for key, sums in found.items()}


def budgets_hold(ledger: Decimal) -> None:
    """What the budgets' counters say is what the ledger says; nothing stays held back."""
    assert not Reservation.objects.filter(is_open=True).exists()
    firm = BudgetPeriod.objects.filter(budget__scope="firm")
    assert firm.aggregate(usd=Sum("spent_usd"))["usd"] == ledger
    assert BudgetPeriod.objects.aggregate(usd=Sum("reserved_usd"))["usd"] == 0
