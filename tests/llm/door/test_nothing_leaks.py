"""A client's question through the whole door, all that can go wrong on the way: what is told of
it to the log, to Sentry and to the tracing collector, each the real one in a process of its own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.llm.door.processes import until, worker
from tests.llm.door.worker import CLIENT, EVIDENCE, INSTRUCTIONS, QUESTION
from tests.loopback import Answer, Asked, Loopback, serving
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket

KEY = "sk-test-key"
# The provider's answer to a wrong request quotes it, key and all.
QUOTED = f"Incorrect API key {KEY}: {INSTRUCTIONS} {QUESTION}"
FAULTS = (
    Fault("status", status=400, message=QUOTED, times=4),
    Fault("status", status=401, message=QUOTED, times=4),
    Fault("status", status=529, message=QUOTED, times=4),
    Fault("malformed", times=4),
    Fault("cut", times=4),
    Fault("broken_schema", times=4),
)
ROUNDS = 14


@pytest.fixture
def outside() -> Iterator[Loopback]:
    """Sentry and the collector: they take everything."""
    with serving(lambda asked: Answer(body=b"{}")) as loopback:
        yield loopback


def test_no_key_no_prompt_and_no_client_is_told(site: ModelSite, outside: Loopback) -> None:
    site.script.add(*FAULTS)
    with worker(
        site,
        "ask_for_a_client",
        str(ROUNDS),
        SENTRY_DSN=outside.url.replace("://", "://public@") + "/1",
        OTEL_EXPORTER_OTLP_ENDPOINT=outside.url,
        FA_LOG_LEVEL="DEBUG",
    ) as process:
        log = "\n".join(until(process, "done"))
    events = [_plain(asked) for asked in outside.asked if "envelope" in asked.path]
    spans = [asked.body for asked in outside.asked if asked.path == "/v1/traces"]
    assert '"type":"event"' in "".join(events)
    assert len(_spans(spans)) > ROUNDS
    assert log.count("llm.call") > ROUNDS
    assert log.count("asking.failed") > 1
    assert all(site.script.hits(fault) for fault in FAULTS)
    told = "\n".join((log, *events, *(body.decode("utf-8", "replace") for body in spans)))
    assert [secret for secret in _secrets() if secret.casefold() in told.casefold()] == []
    assert [name for name in CLIENT if name in _sent(site)] == []


def _secrets() -> list[str]:
    """The key, the client's data, and every three words in a row of what was asked."""
    words = [text.split() for text in (INSTRUCTIONS, EVIDENCE, QUESTION)]
    rows = [" ".join(each[at : at + 3]) for each in words for at in range(len(each) - 2)]
    return [KEY, *CLIENT, *rows]


def _plain(asked: Asked) -> str:
    zipped = asked.headers.get("content-encoding") == "gzip"
    return (gzip.decompress(asked.body) if zipped else asked.body).decode()


def _spans(bodies: list[bytes]) -> list[str]:
    told = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    return [
        span.name
        for request in told
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _sent(site: ModelSite) -> str:
    """All that the providers were asked."""
    return "\n".join(asked.body.decode() for asked in site.asked)
