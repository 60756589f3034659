"""A span around each attempt: who was asked, and what came of it. Identifiers and numbers alone."""

from __future__ import annotations

from contextlib import AbstractContextManager

from llm import tracing
from llm.attempts import Attempt
from llm.calling import Call
from llm.tracing import CallSpan
from llm.values import Answer


def of(call: Call, attempt: Attempt, *, is_stream: bool) -> AbstractContextManager[CallSpan]:
    """For as long as the attempt lasts."""
    told: dict[str, tracing.Value] = {
        tracing.AGENT: call.ask.purpose.agent,
        tracing.PROMPT_NAME: call.ask.prompt.name,
        tracing.PROMPT_VERSION: call.ask.prompt.version,
        tracing.ATTEMPT: attempt.number,
        tracing.MAX_TOKENS: attempt.request.max_output_tokens,
        tracing.STREAM: is_stream,
    }
    return tracing.call_span(
        operation="chat",
        provider=attempt.rung.provider,
        model=attempt.rung.model,
        attributes={name: value for name, value in told.items() if value != ""},
    )


def finished(span: CallSpan, answer: Answer) -> None:
    """What the provider said of its answer."""
    used = answer.tokens
    span.finished(
        response_model=answer.model or None,
        response_id=answer.response_id or None,
        finish_reason=answer.stop.value,
        input_tokens=used.input if used else 0,
        output_tokens=used.output if used else 0,
        cache_read_tokens=used.cache_read if used else 0,
        cache_write_tokens=used.cache_write + used.cache_write_1h if used else 0,
    )
