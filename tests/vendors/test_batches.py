"""Batches of both providers: their lives, their results, their bills."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import anthropic
import openai
import pytest

from tests.vendors import Fault, ModelSite, serving_models
from tests.vendors.conftest import Anthropics, OpenAIs

PARAMS: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hi"}],
}
NAMES = ["AAPL", "MSFT", "INTC", "IBM", "KO"]


def entries(names: list[str] = NAMES, **change: Any) -> Any:
    return [{"custom_id": name, "params": {**PARAMS, **change}} for name in names]


def lines(names: list[str] = NAMES, **change: Any) -> bytes:
    body = {"model": "gpt-6-luna", "input": "hi", **change}
    rows = [
        {"custom_id": name, "method": "POST", "url": "/v1/responses", "body": body}
        for name in names
    ]
    return "\n".join(json.dumps(row) for row in rows).encode()


def started(client: openai.OpenAI, content: bytes) -> openai.types.Batch:
    file = client.files.create(file=("requests.jsonl", content), purpose="batch")
    return client.batches.create(
        input_file_id=file.id, endpoint="/v1/responses", completion_window="24h"
    )


def test_batch_of_anthropic_from_creation_to_results(site: ModelSite, claude: Anthropics) -> None:
    site.change(batch_seconds=600)
    batches = claude(site.anthropic_url).messages.batches
    made = batches.create(requests=entries())
    assert (made.processing_status, made.request_counts.processing) == ("in_progress", 5)
    site.clock.advance(300)
    waiting = batches.retrieve(made.id)
    assert (waiting.processing_status, waiting.results_url) == ("in_progress", None)
    assert site.invoice.lines == []
    with pytest.raises(anthropic.AnthropicError):
        batches.results(made.id)
    site.clock.advance(300)
    ended = batches.retrieve(made.id)
    assert (ended.processing_status, ended.request_counts.succeeded) == ("ended", 5)
    results = {result.custom_id: result.result for result in batches.results(made.id)}
    assert set(results) == set(NAMES)
    assert list(results) != NAMES  # in no order one could rely on
    messages = [each.message for each in results.values() if each.type == "succeeded"]
    assert {message.usage.service_tier for message in messages} == {"batch"}
    billed = {line.response_id: line for line in site.invoice.lines}
    assert set(billed) == {message.id for message in messages}
    assert [line.reference for line in site.invoice.lines] == NAMES
    live = claude(site.anthropic_url).messages.create(**PARAMS)
    assert live.usage.output_tokens == messages[0].usage.output_tokens
    by_batch = site.invoice.by("batch")
    assert by_batch[True,] == 5 * by_batch[False,] / 2


def test_entries_end_each_in_their_way(site: ModelSite, claude: Anthropics) -> None:
    site.script.add(
        Fault("entry", marker='"MSFT"', result="errored", status=529),
        Fault("entry", marker='"INTC"', result="expired"),
        Fault("refusal", marker='"IBM"'),
    )
    batches = claude(site.anthropic_url).messages.batches
    made = batches.create(requests=[*entries(), *entries(["BAD"], model="claude-nine")])
    counts = batches.retrieve(made.id).request_counts
    assert (counts.succeeded, counts.errored, counts.expired) == (3, 2, 1)
    results = {result.custom_id: result.result for result in batches.results(made.id)}
    failed, unknown, refused = results["MSFT"], results["BAD"], results["IBM"]
    assert failed.type == "errored"
    assert failed.error.error.type == "overloaded_error"
    assert unknown.type == "errored"
    assert unknown.error.error.type == "not_found_error"
    assert refused.type == "succeeded"
    assert refused.message.stop_reason == "refusal"
    assert sorted(line.reference for line in site.invoice.lines) == ["AAPL", "IBM", "KO"]


def test_canceled_and_expired_batches_cost_nothing(site: ModelSite, claude: Anthropics) -> None:
    site.change(batch_seconds=100_000)
    batches = claude(site.anthropic_url).messages.batches
    first, second = batches.create(requests=entries()), batches.create(requests=entries())
    assert batches.cancel(first.id).processing_status == "canceling"
    assert batches.retrieve(first.id).request_counts.canceled == 5
    with pytest.raises(anthropic.BadRequestError):
        batches.delete(second.id)
    site.clock.advance(24 * 3600)
    assert batches.retrieve(second.id).request_counts.expired == 5
    batches.delete(second.id)
    assert [each.id for each in batches.list()] == [first.id]
    assert site.invoice.total() == 0


def test_list_of_batches_by_pages(site: ModelSite, claude: Anthropics) -> None:
    batches = claude(site.anthropic_url).messages.batches
    made = [batches.create(requests=entries(["A"])).id for _ in range(5)]
    page = batches.list(limit=2)
    assert ([each.id for each in page.data], page.has_more) == (made[:2:-1], True)
    assert [each.id for each in page] == made[::-1]


@pytest.mark.parametrize(
    ("requests", "told"),
    [
        ([], "at least one request"),
        (entries(["A", "A"]), "unique"),
        (entries(["x" * 65]), "1 to 64"),
        (entries(["A"], stream=True), "streamed"),
    ],
)
def test_batches_that_are_rejected(
    site: ModelSite, claude: Anthropics, requests: Any, told: str
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=told):
        claude(site.anthropic_url).messages.batches.create(requests=requests)


def test_batch_of_openai_from_file_to_file(site: ModelSite, gpt: OpenAIs) -> None:
    site.change(batch_seconds=600)
    site.script.add(Fault("entry", marker='"MSFT"', status=500))
    client = gpt(site.openai_url)
    made = started(client, lines())
    assert made.status == "validating"
    site.clock.advance(300)
    assert client.batches.retrieve(made.id).status == "in_progress"
    site.clock.advance(300)
    ended = client.batches.retrieve(made.id)
    assert ended.status == "completed"
    assert ended.request_counts is not None
    assert (ended.request_counts.completed, ended.request_counts.failed) == (4, 1)
    assert ended.output_file_id is not None
    assert ended.error_file_id is not None
    good = _rows(client, ended.output_file_id)
    assert {row["custom_id"] for row in good} == {"AAPL", "INTC", "IBM", "KO"}
    billed = {line.response_id: line.request_id for line in site.invoice.lines}
    assert billed == {row["response"]["body"]["id"]: row["response"]["request_id"] for row in good}
    (bad,) = _rows(client, ended.error_file_id)
    assert (bad["custom_id"], bad["response"]["status_code"]) == ("MSFT", 500)
    assert [each.id for each in client.batches.list()] == [made.id]
    usage = good[0]["response"]["body"]["usage"]
    one = (
        usage["input_tokens"] * Decimal("0.10") + usage["output_tokens"] * Decimal("0.50")
    ) / 10**6
    assert site.invoice.total() == 4 * one / 2


def test_openai_batch_canceled_and_expired(site: ModelSite, gpt: OpenAIs) -> None:
    site.change(batch_seconds=100_000)
    client = gpt(site.openai_url)
    first, second = started(client, lines()), started(client, lines())
    assert client.batches.cancel(first.id).status == "cancelling"
    assert client.batches.retrieve(first.id).status == "cancelled"
    site.clock.advance(24 * 3600)
    ended = client.batches.retrieve(second.id)
    assert (ended.status, ended.output_file_id) == ("expired", None)
    assert ended.error_file_id is not None
    rows = _rows(client, ended.error_file_id)
    assert {row["error"]["code"] for row in rows} == {"batch_expired"}
    assert site.invoice.lines == []


def test_openai_batch_of_embeddings(site: ModelSite, gpt: OpenAIs) -> None:
    client = gpt(site.openai_url)
    body = {"model": "text-embedding-3-small", "input": "net sales"}
    row = {"custom_id": "A", "method": "POST", "url": "/v1/embeddings", "body": body}
    file = client.files.create(file=("e.jsonl", json.dumps(row).encode()), purpose="batch")
    made = client.batches.create(
        input_file_id=file.id, endpoint="/v1/embeddings", completion_window="24h"
    )
    ended = client.batches.retrieve(made.id)
    assert ended.output_file_id is not None
    (told,) = _rows(client, ended.output_file_id)
    assert len(told["response"]["body"]["data"][0]["embedding"]) == 1536
    assert site.invoice.total() == Decimal("0.00000002")  # 2 x 0.02, a million, half


@pytest.mark.parametrize("how", ["asked", "reversed"])
def test_order_of_results(claude: Anthropics, how: str) -> None:
    with serving_models(results=how) as site:
        batches = claude(site.anthropic_url).messages.batches
        made = batches.create(requests=entries())
        batches.retrieve(made.id)
        found = [result.custom_id for result in batches.results(made.id)]
    assert found == (NAMES if how == "asked" else NAMES[::-1])


def test_batch_that_nobody_asks_for_is_billed_all_the_same(
    site: ModelSite, claude: Anthropics
) -> None:

    claude(site.anthropic_url).messages.batches.create(requests=entries())
    until = time.monotonic() + 3
    while len(site.invoice.lines) < 5 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(site.invoice.lines) == 5


def _rows(client: openai.OpenAI, file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.files.content(file).text.splitlines()]
