"""What a question took and cost is known, whatever came of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from costs.models import Price, UsageRecord
from llm.errors import NoModel
from queries.chain.counters import registry
from queries.chain.metering import cost_usd, metering
from queries.values import Asked, Event, Refused, Spent, Text, chained
from tests.queries.chain.talk import Teller, asked, finished, told

pytestmark = pytest.mark.django_db


def bill(query: str, usd: str, **fields: Any) -> None:
    now = timezone.now()
    price, _ = Price.objects.get_or_create(
        provider="anthropic", model="m", defaults={
            "effective_from": now, "input_usd": 1, "output_usd": 1, "cache_write_usd": 1,
            "cache_write_1h_usd": 1, "cache_read_usd": 1,
        },
    )  # fmt: skip
    given = {"state": "settled", "ended_at": now, "cost_usd": Decimal(usd), **fields}
    UsageRecord.objects.create(
        provider="anthropic", model="m", operation="stream", category="queries", agent="queries",
        query=query, price=price, sent_at=now, **given,
    )  # fmt: skip


def count(name: str, **labels: str) -> float:
    return registry.get_sample_value(name, labels) or 0.0


def queries(depth: str, outcome: str, cached: str = "no") -> float:
    return count("fa_queries_total", depth=depth, outcome=outcome, cached=cached)


def test_an_answer_says_what_it_cost_and_took() -> None:
    def telling(question: Asked) -> list[Event]:
        bill(question.id, "0.0123")
        bill(question.id, "0.0007")
        bill("another", "5")
        return told("Revenue was $5 million.")

    before = queries("quick", "answered"), count("fa_query_cost_usd_total", depth="quick")
    events = list(chained((metering,), Teller(telling))(asked()))
    spent = finished(events).spent
    assert spent is not None
    assert spent.cost_usd == Decimal("0.0130")
    assert spent.first_ms is not None
    assert 0 <= spent.first_ms <= spent.total_ms
    assert not spent.is_cached
    assert queries("quick", "answered") == before[0] + 1
    assert count("fa_query_cost_usd_total", depth="quick") == pytest.approx(before[1] + 0.013)


def test_a_cached_answer_costs_nothing_and_one_without_text_has_no_first_text() -> None:
    def cached(_: Asked) -> list[Event]:
        from dataclasses import replace

        last = finished(told("Revenue was $5 million."))
        return [replace(last, spent=Spent(Decimal(0), 0, is_cached=True))]

    before = queries("quick", "answered", "yes")
    spent = finished(list(chained((metering,), Teller(cached))(asked()))).spent
    assert spent is not None
    assert (spent.cost_usd, spent.first_ms, spent.is_cached) == (Decimal(0), None, True)
    assert queries("quick", "answered", "yes") == before + 1


def test_a_reader_who_leaves_is_metered_after_the_work_has_stopped() -> None:
    """The ledger's row is settled by the closing; what is counted holds it."""
    closed: list[str] = []

    def streaming(question: Asked) -> Iterator[Event]:
        try:
            yield Text("Revenue was ")
            yield Text("never told")
        finally:
            bill(question.id, "0.5")
            closed.append(question.id)

    before = queries("deep", "stopped"), count("fa_query_cost_usd_total", depth="deep")
    question = asked(depth="deep")
    stream = chained((metering,), streaming)(question)
    assert next(stream) == Text("Revenue was ")
    stream.close()  # type: ignore[attr-defined]
    assert closed == [question.id]
    assert queries("deep", "stopped") == before[0] + 1
    assert count("fa_query_cost_usd_total", depth="deep") == pytest.approx(before[1] + 0.5)
    assert cost_usd(question.id) == Decimal("0.5")


@pytest.mark.parametrize(
    ("error", "code", "retry"), [(NoModel("all are out"), "unavailable", 30), (ValueError("x 123-45-6789"), "failed", None)]
)  # fmt: skip
def test_an_error_is_told_clearly_and_counted(
    error: Exception, code: str, retry: int | None
) -> None:
    def failing(_: Asked) -> Iterator[Event]:
        yield Text("Revenue was ")
        raise error

    before = queries("standard", code)
    first, refused = chained((metering,), failing)(asked(depth="standard"))
    assert first == Text("Revenue was ")
    assert isinstance(refused, Refused)
    assert (refused.code, refused.retry_after) == (code, retry)
    assert "123" not in refused.text
    assert queries("standard", code) == before + 1


def test_a_refusal_is_counted_by_its_code() -> None:
    before = queries("unknown", "over_budget")
    teller = Teller(lambda _: [Refused("over_budget", "No money.")])
    assert list(chained((metering,), teller)(asked())) == [Refused("over_budget", "No money.")]
    assert queries("unknown", "over_budget") == before + 1
