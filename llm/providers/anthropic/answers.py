"""Anthropic's messages read into Answers, whatever else stands in them."""

from __future__ import annotations

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers.faults import codes_of, kind_of
from llm.providers.wire import Json, count, identifier, mapping, objects, text
from llm.values import Answer, Stop

NAME = "anthropic"
STOPS = {
    "end_turn": Stop.END,
    "stop_sequence": Stop.END,
    "max_tokens": Stop.LENGTH,
    "model_context_window_exceeded": Stop.LENGTH,
    "refusal": Stop.REFUSAL,
}


def answer_of(message: Json, model: str, request_id: str = "") -> Answer:
    """``model``: the one that was asked for. Raises CallFailed for what is no whole message."""
    tokens = tokens_of(message.get("usage"))
    stop = STOPS.get(text(message.get("stop_reason")))
    blocks = objects(message.get("content"))
    said = [text(block.get("text")) for block in blocks if block.get("type") == "text"]
    if stop is None or (stop is Stop.END and not any(said)):
        raise CallFailed(
            Kind.MALFORMED,
            provider=NAME,
            model=model,
            request_id=request_id,
            response_id=identifier(message.get("id")),
            is_billed=True if tokens else None,
            tokens=tokens,
        )
    return Answer(
        text="".join(said),
        stop=stop,
        tokens=tokens,
        model=identifier(message.get("model")) or model,
        response_id=identifier(message.get("id")),
        request_id=request_id,
    )


def tokens_of(usage: object) -> Tokens | None:
    """What it says it bills; None where that can't be: missing, negative, no numbers."""
    told = mapping(usage)
    try:
        short, long = _written(told)
        tokens = Tokens(
            input=count(told, "input_tokens"),
            cache_write=short,
            cache_write_1h=long,
            cache_read=count(told, "cache_read_input_tokens"),
            output=count(told, "output_tokens"),
            thinking=count(mapping(told.get("output_tokens_details")), "thinking_tokens"),
        )
    except ValueError:
        return None
    return tokens if tokens.prompt else None  # no prompt is empty


def _written(told: Json) -> tuple[int, int]:
    """Into the cache for five minutes and for an hour; the sum stands beside them, and is
    not to be added. Raises ValueError where they disagree."""
    total = count(told, "cache_creation_input_tokens")
    parts = mapping(told.get("cache_creation"))
    if not parts:
        return total, 0
    short = count(parts, "ephemeral_5m_input_tokens")
    long = count(parts, "ephemeral_1h_input_tokens")
    if total and short + long != total:
        raise ValueError("cache writes that don't add up")
    return short, long


def result_of(line: Json, model: str = "") -> Answer | CallFailed:
    """A line of a batch's results. What didn't succeed isn't billed."""
    result = mapping(line.get("result"))
    kind = result.get("type")
    if kind == "succeeded":
        try:
            return answer_of(mapping(result.get("message")), model)
        except CallFailed as failure:
            return failure.with_traceback(None)
    if kind == "errored":
        whole = mapping(result.get("error"))
        return CallFailed(
            kind_of(None, *(codes_of(whole.get("error")) or codes_of(whole))),
            provider=NAME,
            model=model,
            request_id=identifier(whole.get("request_id")),
        )
    ended = {"expired": Kind.TIMED_OUT, "canceled": Kind.BROKEN}.get(text(kind))
    return CallFailed(
        ended or Kind.MALFORMED, provider=NAME, model=model, is_billed=False if ended else None
    )
