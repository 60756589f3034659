"""A span for each call to a model, by OpenTelemetry's conventions for generative AI.

What may leave the house in a span stands in ``ALLOWED``, and a text value must look like an
identifier (no blanks): a prompt, an answer or somebody's name can't get into one by mistake.

Spans go out by OTLP over HTTP where OTEL_EXPORTER_OTLP_ENDPOINT or
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is set; else nothing is imported, built or sent.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

log = structlog.get_logger(__name__)

Value = str | int | float | bool

# The conventions have a repository of their own by now; the Python package only deprecates them.
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
REQUEST_MODEL = "gen_ai.request.model"
MAX_TOKENS = "gen_ai.request.max_tokens"
STREAM = "gen_ai.request.stream"
RESPONSE_MODEL = "gen_ai.response.model"
RESPONSE_ID = "gen_ai.response.id"
FINISH_REASONS = "gen_ai.response.finish_reasons"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens"
CACHE_WRITE_TOKENS = "gen_ai.usage.cache_creation.input_tokens"
ERROR_TYPE = "error.type"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"

COST_USD = "fa.cost_usd"
AGENT = "fa.agent"
PROMPT_NAME = "fa.prompt.name"
PROMPT_VERSION = "fa.prompt.version"
ATTEMPT = "fa.attempt"
BATCH = "fa.batch"

ALLOWED: Mapping[str, type] = {
    OPERATION: str,
    PROVIDER: str,
    REQUEST_MODEL: str,
    MAX_TOKENS: int,
    STREAM: bool,
    RESPONSE_MODEL: str,
    RESPONSE_ID: str,
    FINISH_REASONS: tuple,
    INPUT_TOKENS: int,
    OUTPUT_TOKENS: int,
    CACHE_READ_TOKENS: int,
    CACHE_WRITE_TOKENS: int,
    ERROR_TYPE: str,
    SERVER_ADDRESS: str,
    SERVER_PORT: int,
    COST_USD: float,
    AGENT: str,
    PROMPT_NAME: str,
    PROMPT_VERSION: str,
    ATTEMPT: int,
    BATCH: bool,
}

SHUTDOWN_SECONDS = 3.0
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_IDENTIFIER = re.compile(r"[\w.:/+=\[\]-]{1,128}", re.ASCII)
# Keys are identifiers too, and must not pass for one.
_KEY = re.compile(r"\b(?:sk|pk|rk|key|xox.)[-_]\w|bearer", re.IGNORECASE)


class CallSpan:
    """What a call tells of itself. Each method may be left out; none raises in production."""

    def __init__(self, span: Span | None) -> None:
        self._span = span
        self._ended_badly = False

    def finished(
        self,
        *,
        response_model: str | None = None,
        response_id: str | None = None,
        finish_reason: str | None = None,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cache_read_tokens: int = 0,
        cache_write_tokens: int = 0,
        cost_usd: Decimal | float | None = None,
    ) -> None:
        """The four token classes as they are billed: ``input_tokens`` without what was read
        from the cache or written to it. The span's own input tokens are the sum of the three,
        as the conventions want it.
        """
        if self._span is None and not _strict():
            return
        told: dict[str, Any] = {
            RESPONSE_MODEL: response_model,
            RESPONSE_ID: response_id,
            FINISH_REASONS: (finish_reason,) if finish_reason else None,
            INPUT_TOKENS: input_tokens + cache_read_tokens + cache_write_tokens,
            OUTPUT_TOKENS: output_tokens,
            CACHE_READ_TOKENS: cache_read_tokens,
            CACHE_WRITE_TOKENS: cache_write_tokens,
            COST_USD: None if cost_usd is None else float(cost_usd),
        }
        self._set({name: value for name, value in told.items() if value is not None})

    def failed(self, kind: str) -> None:
        """``kind``: an error's class or code (``RateLimitError``, ``timeout``), never its message."""
        self._ended_badly = True
        self._set({ERROR_TYPE: kind})
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR)

    def _set(self, attributes: Mapping[str, Any]) -> None:
        if self._span is None and not _strict():
            return
        kept = permitted(attributes)
        if self._span is not None:
            self._span.set_attributes(kept)

    def _left_by(self, error: BaseException) -> None:
        if not self._ended_badly:
            stopped = isinstance(error, GeneratorExit | KeyboardInterrupt)
            self.failed("cancelled" if stopped else type(error).__qualname__)


@contextmanager
def call_span(
    *,
    operation: str,
    provider: str,
    model: str,
    attributes: Mapping[str, Value] | None = None,
) -> Iterator[CallSpan]:
    """A span for as long as the block lasts, the child of the one around it.

    ``operation``: chat, embeddings, and so on by the conventions. An exception that leaves the
    block marks the span with its class alone, and goes on. Under FA_ENV=test an attribute that
    isn't allowed is a ValueError; elsewhere it is left out.
    """
    tracer = _tracer()
    if tracer is None and not _strict():
        yield CallSpan(None)
        return
    told = {OPERATION: operation, PROVIDER: provider, REQUEST_MODEL: model, **(attributes or {})}
    kept = permitted(told)
    if tracer is None:
        yield CallSpan(None)
        return
    with _current(tracer, kept) as span:
        call = CallSpan(span)
        try:
            yield call
        except BaseException as error:
            call._left_by(error)
            raise


@contextmanager
def step_span(name: str) -> Iterator[None]:
    """A span of our own work for as long as the block lasts: the parent of the calls within it.

    ``name``: an identifier of ours, "query.cache"; nothing else is told but that it failed.
    """
    tracer = _tracer()
    if tracer is None:
        yield
        return
    with _current(tracer, {}, name) as span:
        try:
            yield
        except BaseException as error:
            CallSpan(span)._left_by(error)
            raise


def permitted(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that may leave. Raises ValueError for another one under FA_ENV=test; the
    message has its name and never its value."""
    kept = {}
    for name, value in attributes.items():
        if fault := _fault(name, value):
            if _strict():
                raise ValueError(f"Span attribute {name!r} {fault} (llm/tracing.py, ALLOWED).")
            continue
        kept[name] = value
    return kept


def _fault(name: str, value: Any) -> str:
    kind: Any = ALLOWED.get(name)
    if kind is None:
        return "is not on the list of what may leave the house"
    if kind is float and type(value) is int:
        return ""
    if type(value) is not kind:
        return f"must be {kind.__name__}, and is {type(value).__name__}"
    texts: Sequence[Any] = ()
    if kind in (str, tuple):
        texts = (value,) if isinstance(value, str) else [*value]
    if not all(_is_identifier(text) for text in texts):
        return "must be an identifier: no blanks, 128 characters at most, no key"
    return ""


def _is_identifier(text: Any) -> bool:
    return isinstance(text, str) and bool(_IDENTIFIER.fullmatch(text)) and not _KEY.search(text)


def _strict() -> bool:
    return os.environ.get("FA_ENV") == "test"


@contextmanager
def _current(tracer: Tracer, attributes: dict[str, Any], ours: str = "") -> Iterator[Span]:
    """``ours``: the name of a piece of our own work; else it is a call to somebody."""
    from opentelemetry import context, trace

    called = " ".join(
        str(attributes[key]) for key in (OPERATION, REQUEST_MODEL) if key in attributes
    )
    span = tracer.start_span(
        ours or called or "call",
        kind=trace.SpanKind.INTERNAL if ours else trace.SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    )
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield span
    finally:
        try:
            # Not context.detach, which logs an error where a stream is closed in another
            # context (another thread, another task) than the one that it was opened in.
            token.var.reset(token)
        except ValueError:
            pass
        finally:
            span.end()


class _Process:
    """The one provider of this process, made at its first call: a thread that sends spans
    doesn't survive a fork, and the workers are forked."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.provider: TracerProvider | None = None
        self.tracer: Tracer | None = None
        self.asked = False


_process = _Process()


def _forget() -> None:
    global _process
    _process = _Process()


os.register_at_fork(after_in_child=_forget)


def enabled() -> bool:
    """Whether this process sends spans."""
    return _tracer() is not None


def _tracer() -> Tracer | None:
    if not _process.asked:
        with _process.lock:
            if not _process.asked:
                _start(_process)
                _process.asked = True
    return _process.tracer


def _start(process: _Process) -> None:
    if not any(os.environ.get(name, "").strip() for name in _ENDPOINTS):
        return
    try:
        process.provider = _provider()
        process.tracer = process.provider.get_tracer("llm")
    except Exception as error:  # a bad setting of the exporter's must not cost a call
        log.error("tracing.off", error=type(error).__qualname__, check="OTEL_* variables")
        return
    # As multiprocessing's own finalizer, because forked workers skip atexit.
    Finalize(None, shutdown, exitpriority=0)


def _provider() -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class Bounded(BatchSpanProcessor):
        """Its own shutdown waits 30 seconds for a collector that hangs, and takes no limit."""

        def shutdown(self) -> None:
            self._batch_processor.shutdown(timeout_millis=int(SHUTDOWN_SECONDS * 1000))

    named = os.environ.get("OTEL_SERVICE_NAME") or "fa-ai-system"
    provider = TracerProvider(
        resource=Resource.create({"service.name": named}), shutdown_on_exit=False
    )
    provider.add_span_processor(Bounded(OTLPSpanExporter()))
    return provider


def flush() -> bool:
    """Send what waits, now. False: nothing is sent by this process. Blocks; for tests and ends."""
    return _process.provider is not None and _process.provider.force_flush()


def shutdown() -> None:
    """Send what waits for SHUTDOWN_SECONDS at most, then end. The next call starts anew."""
    provider = _process.provider
    _forget()
    if provider is not None:
        provider.shutdown()
