"""Spans as a collector gets them: a real exporter, its protobuf decoded."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as conventions
from opentelemetry.semconv.attributes import error_attributes, server_attributes

from llm import tracing
from llm.tracing import call_span
from tests.loopback import Answer, Loopback, serving

PROMPT = "Is AAPL safe for my client Jane Roe?"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with serving(lambda asked: Answer(content_type="application/x-protobuf")) as loopback:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", loopback.url)
        with anew():
            yield loopback


@contextmanager
def anew() -> Iterator[None]:
    tracing.shutdown()
    try:
        yield
    finally:
        tracing.shutdown()


def spans(collector: Loopback) -> list[Any]:
    tracing.flush()
    told = []
    for asked in collector.asked:
        assert asked.path == "/v1/traces"
        request = ExportTraceServiceRequest.FromString(asked.body)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                told += scope.spans
    return told


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: plain(one.value) for one in span.attributes}


def plain(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(one) for one in value.array_value.values]
    return getattr(value, kind)


def test_a_call_tells_what_the_conventions_ask_for(collector: Loopback) -> None:
    told: dict[str, tracing.Value] = {
        tracing.AGENT: "writer", tracing.PROMPT_NAME: "summary", tracing.PROMPT_VERSION: "3f9a", tracing.ATTEMPT: 2,
        tracing.BATCH: False, tracing.SERVER_ADDRESS: "api.anthropic.com", tracing.MAX_TOKENS: 900,
    }  # fmt: skip
    with call_span(
        operation="chat", provider="anthropic", model="claude-haiku-5-5", attributes=told
    ) as call:
        call.finished(
            response_model="claude-haiku-5-5", response_id="msg_01", finish_reason="end_turn", input_tokens=21,
            output_tokens=9, cache_read_tokens=1000, cache_write_tokens=50, cost_usd=Decimal("0.00123"),
        )  # fmt: skip
    (span,) = spans(collector)
    assert (span.name, span.kind, span.status.code) == ("chat claude-haiku-5-5", 3, 0)
    assert attributes(span) == {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-haiku-5-5",
        "gen_ai.request.max_tokens": 900, "gen_ai.response.model": "claude-haiku-5-5", "gen_ai.response.id": "msg_01",
        "gen_ai.response.finish_reasons": ["end_turn"], "gen_ai.usage.input_tokens": 1071,
        "gen_ai.usage.output_tokens": 9, "gen_ai.usage.cache_read.input_tokens": 1000,
        "gen_ai.usage.cache_creation.input_tokens": 50, "server.address": "api.anthropic.com", "fa.cost_usd": 0.00123,
        "fa.agent": "writer", "fa.prompt.name": "summary", "fa.prompt.version": "3f9a", "fa.attempt": 2, "fa.batch": False,
    }  # fmt: skip


def test_the_names_are_those_of_the_conventions() -> None:
    published = {
        value
        for module in (conventions, error_attributes, server_attributes)
        for name, value in vars(module).items()
        if name.isupper()
    }
    ours = {name for name in tracing.ALLOWED if not name.startswith("fa.")}
    assert ours <= published


def test_an_attempt_is_the_child_of_the_call_around_it(collector: Loopback) -> None:
    with call_span(operation="chat", provider="anthropic", model="a"):
        with call_span(operation="chat", provider="anthropic", model="a") as first:
            first.failed("OverloadedError")
        with call_span(operation="chat", provider="openai", model="b"):
            pass
    one, two, whole = spans(collector)
    assert {one.parent_span_id, two.parent_span_id} == {whole.span_id}
    assert {one.trace_id, two.trace_id} == {whole.trace_id}
    assert whole.parent_span_id == b""


def test_an_error_is_told_by_its_class_alone(collector: Loopback) -> None:
    with (
        pytest.raises(ConnectionError, match="Jane"),
        call_span(operation="chat", provider="anthropic", model="a"),
    ):
        raise ConnectionError(PROMPT)
    (span,) = spans(collector)
    assert attributes(span)["error.type"] == "ConnectionError"
    assert (span.status.code, span.status.message, len(span.events)) == (2, "", 0)


def test_a_kind_that_was_told_is_kept_and_a_closed_stream_is_cancelled(collector: Loopback) -> None:
    def limited() -> None:
        with call_span(operation="chat", provider="p", model="a") as call:
            call.failed("rate_limited")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        limited()

    def stream() -> Generator[str, None, None]:
        with call_span(operation="chat", provider="p", model="a"):
            yield "Apple"
            yield "grew"

    opened = stream()
    next(opened)
    elsewhere = threading.Thread(target=opened.close)  # another thread, another context
    elsewhere.start()
    elsewhere.join()
    kinds = [attributes(span)["error.type"] for span in spans(collector)]
    assert kinds == ["rate_limited", "cancelled"]


@pytest.mark.parametrize(
    "told",
    [
        {"fa.prompt": "x"},
        {"gen_ai.input.messages": "x"},
        {"user.email": "x"},
        {tracing.AGENT: PROMPT},
        {tracing.AGENT: "jane@roe.example"},
        {tracing.AGENT: "x" * 129},
        {tracing.AGENT: "sk-ant-api03-abcdef"},
        {tracing.ATTEMPT: "2"},
        {tracing.ATTEMPT: True},
        {tracing.BATCH: 1},
    ],
)
def test_another_attribute_is_refused_in_tests_and_left_out_in_production(
    told: dict[str, Any], collector: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="Span attribute") as refused:
        call_span(operation="chat", provider="p", model="m", attributes=told).__enter__()
    assert not any(text in str(refused.value) for text in ("Jane", "jane", "api03"))
    monkeypatch.setenv("FA_ENV", "production")
    with call_span(operation="chat", provider="p", model="m", attributes=told):
        pass
    (span,) = spans(collector)
    assert set(attributes(span)) == {tracing.OPERATION, tracing.PROVIDER, tracing.REQUEST_MODEL}


def test_no_text_gets_out_by_any_door(collector: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FA_ENV", "production")
    with call_span(
        operation=PROMPT, provider=PROMPT, model=PROMPT, attributes={"q": PROMPT}
    ) as call:
        call.finished(response_model=PROMPT, response_id=PROMPT, finish_reason=PROMPT)
        call.failed(PROMPT)
    assert len(spans(collector)) == 1
    assert not any(b"Jane" in asked.body for asked in collector.asked)


def test_without_an_endpoint_nothing_is_imported_or_sent() -> None:
    code = (
        "import sys\nfrom llm.tracing import call_span, enabled, flush\n"
        "with call_span(operation='chat', provider='p', model='m') as call:\n"
        "    call.finished(input_tokens=1)\n    call.failed('x')\n"
        "assert not enabled() and not flush()\n"
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=kept | {"FA_ENV": "production"},
        capture_output=True,
        cwd=settings.BASE_DIR,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_without_an_endpoint_a_wrong_attribute_is_refused_all_the_same() -> None:
    with (
        anew(),
        pytest.raises(ValueError, match="'q' is not on the list"),
        call_span(operation="chat", provider="p", model="m", attributes={"q": 1}),
    ):
        pass


def test_a_worker_that_was_forked_sends_by_itself(collector: Loopback) -> None:
    with call_span(operation="chat", provider="p", model="before"):
        pass
    code = (
        "import multiprocessing, sys\nfrom llm.tracing import call_span\n"
        "def work(model):\n"
        "    with call_span(operation='chat', provider='p', model=model): pass\n"
        "work('parent')\n"
        "worker = multiprocessing.get_context('fork').Process(target=work, args=('child',))\n"
        "worker.start(); worker.join(); sys.exit(worker.exitcode)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=settings.BASE_DIR)
    assert (done.returncode, done.stderr) == (0, b"")
    names = sorted(span.name for span in spans(collector))
    assert names == ["chat before", "chat child", "chat parent"]


def test_a_collector_that_is_down_holds_up_no_call_and_no_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes connections and says nothing; what doesn't fit the queue is dropped."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        monkeypatch.setenv(
            "OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}"
        )
        monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "20")
        monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10")
        monkeypatch.setattr(tracing, "SHUTDOWN_SECONDS", 0.3)
        with anew():
            done = 0
            for _ in range(100):
                with call_span(operation="chat", provider="p", model="m") as call:
                    call.finished(input_tokens=1)
                    done += 1
            assert done == 100
            assert tracing.enabled()
            ending = threading.Thread(target=tracing.shutdown)
            ending.start()
            ending.join(timeout=5)
            assert not ending.is_alive()


def test_a_setting_that_the_exporter_cannot_use_costs_the_spans_and_not_the_call(
    collector: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "-1")
    with call_span(operation="chat", provider="p", model="m") as call:
        call.finished(input_tokens=1)
    assert not tracing.enabled()
    assert collector.asked == []
