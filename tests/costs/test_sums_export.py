"""Exports with sums: by day from our own CSV, by bucket from the providers' reports."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from costs.models import ExportLine, UsageRecord
from costs.reconciling import Malformed, import_export
from costs.tokens import Tokens
from tests.costs.entries import HAIKU, SONNET, lost, settled
from tests.vendors.invoice import Invoice, Line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices", "default_budgets")]
DAY = datetime(2026, 11, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
Json = dict[str, Any]


def a_day_of_calls() -> Invoice:
    """On the ledger, and as the provider counts them."""
    invoice = Invoice()
    for number, (model, tokens, is_batch) in enumerate(
        (
            (SONNET, Tokens(input=1000, output=100), False),
            (SONNET, Tokens(input=500, cache_read=7, output=3), False),
            (SONNET, Tokens(input=1000, output=100), True),
            (HAIKU, Tokens(input=100_000, output=1), False),
            (HAIKU, Tokens(input=90_000, cache_write=10_001, output=1), False),
        )
    ):
        at = DAY + number * HOUR
        settled(tokens, at, model=model, is_batch=is_batch, estimated_tokens=tokens.prompt)
        invoice.add(
            Line(
                "anthropic", model, f"req_{number}", "", at, is_batch, "standard", tokens.input,
                tokens.output, tokens.cache_write, 0, tokens.cache_read,
            )
        )  # fmt: skip
    return invoice


def matches() -> list[str]:
    return list(ExportLine.objects.order_by("number").values_list("match", flat=True))


def test_days_are_compared_by_model_batch_and_band() -> None:
    outcome = import_export(a_day_of_calls().daily_csv().encode(), name="days.csv")
    assert matches() == ["same"] * 4
    assert outcome.is_same
    assert outcome.export.billed_usd == outcome.export.ledger_usd
    assert (outcome.export.from_at, outcome.export.until_at) == (DAY, DAY + 24 * HOUR)


def test_a_day_that_differs_by_a_cent_is_told() -> None:
    invoice = a_day_of_calls()
    invoice.add(
        Line("anthropic", SONNET, "req_9", "", DAY + 9 * HOUR, False, "standard", 2500, 500)
    )
    settled(Tokens(input=30_000), DAY + HOUR, model="claude-opus-5-5", estimated_tokens=30_000)
    outcome = import_export(invoice.daily_csv().encode(), name="days.csv")
    assert sorted(matches()) == ["different", "same", "same", "same"]
    assert [(one.what, one.model) for one in outcome.differences] == [
        ("another amount than on the ledger", SONNET),
        ("not in the export", "claude-opus-5-5"),
    ]
    assert outcome.apart_usd == Decimal("0.13")
    assert not outcome.is_same


def test_sums_say_nothing_of_a_single_call() -> None:
    record = lost(DAY)
    import_export(a_day_of_calls().daily_csv().encode(), name="days.csv")
    record.refresh_from_db()
    assert record.state == UsageRecord.State.UNKNOWN


def bucket(*results: Json) -> Json:
    return {
        "starting_at": "2026-11-02T00:00:00Z",
        "ending_at": "2026-11-03T00:00:00Z",
        "results": list(results),
    }


def page(*buckets: Json) -> bytes:
    return json.dumps({"data": buckets, "has_more": False, "next_page": None}).encode()


def usage(model: str | None, tier: str | None, fresh: int, out: int, **given: Any) -> Json:
    """As Anthropic's messages usage report tells it."""
    return {
        "uncached_input_tokens": fresh,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "cache_read_input_tokens": 0, "output_tokens": out,
        "server_tool_use": {"web_search_requests": 0}, "model": model, "service_tier": tier,
        "context_window": "0-200k", "api_key_id": None, "workspace_id": None,
        "inference_geo": None, **given,
    }  # fmt: skip


def test_anthropics_usage_report() -> None:
    a_day_of_calls()
    report = page(
        bucket(
            usage(SONNET, "standard", 1400, 103, cache_read_input_tokens=7),
            usage(SONNET, "standard", 100, 0, context_window="200k-1M"),
            usage(SONNET, "batch", 1000, 100),
            usage(
                HAIKU, "standard", 190_000, 2,
                cache_creation={"ephemeral_5m_input_tokens": 10_001,
                                "ephemeral_1h_input_tokens": 0},
            ),
        )
    )  # fmt: skip
    outcome = import_export(report, name="usage.json")
    assert matches() == ["same"] * 3
    assert outcome.is_same
    assert outcome.export.billed_usd == outcome.export.ledger_usd > 0


def test_tokens_that_the_ledger_does_not_have_are_valued_at_the_price_list() -> None:
    a_day_of_calls()
    report = page(
        bucket(
            usage(SONNET, "standard", 1500, 1103, cache_read_input_tokens=7),
            usage("claude-opus-5-5", "batch", 1000, 0),
        )
    )
    outcome = import_export(report, name="usage.json")
    assert matches() == ["different", "missing"]
    told = {one.model: one.billed_usd - one.ledger_usd for one in outcome.differences[:2]}
    assert told == {SONNET: Decimal("0.01"), "claude-opus-5-5": Decimal("0.002")}
    assert {one.what for one in outcome.differences[2:]} == {"not in the export"}


def test_anthropics_cost_report_says_cents() -> None:
    settled(Tokens(input=1000, output=100), DAY)
    cost = {
        "currency": "USD", "workspace_id": None, "cost_type": "tokens", "model": SONNET,
        "service_tier": "standard", "context_window": "0-200k", "description": "usage",
    }  # fmt: skip
    report = page(
        bucket(
            {**cost, "amount": "0.2", "token_type": "uncached_input_tokens"},
            {**cost, "amount": "0.1", "token_type": "output_tokens"},
            {
                **cost,
                "amount": "7",
                "cost_type": "web_search",
                "model": None,
                "service_tier": None,
            },
        )
    )
    outcome = import_export(report, name="cost.json")
    assert matches() == ["same", "missing"]
    assert outcome.export.billed_usd == Decimal("0.073")
    assert [(one.model, one.billed_usd) for one in outcome.differences] == [
        ("web_search", Decimal("0.07"))
    ]


def openai(*results: Json) -> bytes:
    start = int(DAY.timestamp())
    return page({"object": "bucket", "start_time": start, "end_time": start + 86_400,
                 "results": list(results)})  # fmt: skip


def completions(model: str, batch: bool | None, whole: int, out: int, **given: Any) -> Json:
    return {
        "object": "organization.usage.completions.result", "input_tokens": whole,
        "output_tokens": out, "input_cached_tokens": 0, "num_model_requests": 1,
        "project_id": None, "user_id": None, "api_key_id": None, "model": model, "batch": batch,
        **given,
    }  # fmt: skip


def test_openais_usage_counts_cached_tokens_among_the_input() -> None:
    settled(
        Tokens(input=600, cache_read=300, cache_write=100, output=50), DAY, provider="openai",
        model="gpt-6-sol",
    )  # fmt: skip
    settled(Tokens(input=10, output=5), DAY, provider="openai", model="gpt-6-sol", is_batch=True,
            estimated_tokens=10)  # fmt: skip
    settled(Tokens(input=40), DAY, provider="openai", model="text-embedding-3-small",
            estimated_tokens=40)  # fmt: skip
    outcome = import_export(
        openai(
            completions("gpt-6-sol", False, 1000, 50, input_cached_tokens=300,
                        input_cache_write_tokens=100),
            completions("gpt-6-sol", True, 10, 5),
            {"object": "organization.usage.embeddings.result", "input_tokens": 40,
             "num_model_requests": 1, "model": "text-embedding-3-small"},
        ),
        name="usage.json",
    )  # fmt: skip
    assert matches() == ["same"] * 3
    assert outcome.is_same


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (page(bucket(usage(None, "standard", 1, 1))), "isn't grouped by model"),
        (page(bucket(usage(SONNET, None, 1, 1))), "isn't grouped by service_tier"),
        (page(bucket(usage(SONNET, "standard", -1, 1))), "a value is odd"),
        (page(bucket(usage(SONNET, "standard", 1, True))), "a value is odd"),
        (page(bucket({"model": SONNET, "service_tier": "batch"})), "'uncached_input_tokens' is missing"),
        (page({**bucket(usage(SONNET, "batch", 1, 1)), "ending_at": "never"}), "a value is odd"),
        (page({**bucket(usage(SONNET, "batch", 1, 1)), "ending_at": "2026-11-01T00:00:00Z"}),
         "no length"),
        (page(bucket(usage("claude-9", "batch", 1, 1))), "claude-9 has no price: add one"),
        (page(bucket({"amount": "NaN", "model": SONNET, "service_tier": "batch"})), "a value is odd"),
        (page(bucket({"amount": "1", "currency": "EUR", "model": SONNET, "service_tier": "batch"})),
         "currency isn't USD"),
        (openai(completions("gpt-6-sol", None, 1, 1)), "isn't grouped by batch"),
        (openai(completions("gpt-6-sol", False, 1, 1, input_cached_tokens=2)), "a value is odd"),
        (page(), "no lines"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_compared_says_what_to_ask_for(report: bytes, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        import_export(report, name="bad.json")
    assert not ExportLine.objects.exists()


def test_pages_of_a_report_go_together() -> None:
    a_day_of_calls()
    pages = [
        json.loads(page(bucket(usage(SONNET, "standard", 1500, 103, cache_read_input_tokens=7)))),
        json.loads(page(bucket(usage(SONNET, "batch", 1000, 100)))),
    ]
    import_export(json.dumps(pages).encode(), name="pages.json")
    assert matches() == ["same", "same"]
