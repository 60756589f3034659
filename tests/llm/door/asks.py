"""Asks for tests, and what the ledger and the invoice say of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from costs.models import UsageRecord
from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn
from tests.vendors import ModelSite

PURPOSE = Purpose(agent="tester", category="queries", task="try", stock="AAPL")


class Verdict(BaseModel):
    verdict: str
    score: int


def an_ask(
    text: str = "How did revenue develop?",
    *,
    complexity: Complexity = Complexity.SIMPLE,
    schema: type[BaseModel] | None = None,
    extractive: Callable[[], str] | None = None,
    seconds: float = 30.0,
    most: int = 200,
    **more: Any,
) -> Ask:
    return Ask(
        purpose=more.pop("purpose", PURPOSE),
        prompt=more.pop("prompt", Prompt("tests/try", "v1", "Answer from the evidence.")),
        turns=more.pop("turns", (Turn("user", (Part(text),)),)),
        complexity=complexity,
        max_output_tokens=most,
        schema=schema,
        extractive=extractive,
        seconds=seconds,
        **more,
    )


def rows(*names: str) -> list[tuple[Any, ...]]:
    """The ledger in the order of writing."""
    wanted = names or ("attempt", "provider", "state", "error")
    return list(UsageRecord.objects.order_by("pk").values_list(*wanted))


def ledger_usd() -> Decimal:
    return sum((row[0] for row in rows("cost_usd")), Decimal(0))


def is_balanced(site: ModelSite) -> bool:
    """Whether the ledger says what the providers bill."""
    return ledger_usd() == site.invoice.total()
