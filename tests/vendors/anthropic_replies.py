"""Anthropic's replies: the message, whole and as a stream of events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.vendors.anthropic_requests import Json, blocks_of
from tests.vendors.caching import Input
from tests.vendors.delivery import Event
from tests.vendors.generation import Written, deltas
from tests.vendors.tokens import Count, scaled

STOPS = {
    "end": "end_turn",
    "length": "max_tokens",
    "sequence": "stop_sequence",
    "tool": "tool_use",
    "refusal": "refusal",
    "nothing": "max_tokens",
}
QUOTED = re.compile(r"[\"“]([^\"“”]{3,})[\"”]")
SIGNATURE = "RmFrZSBzaWduYXR1cmUgb2YgYSBsb29wYmFjayBzZXJ2ZXI="
ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error(status: int, message: str, request_id: str, kind: str | None = None) -> Json:
    kind = kind or ERRORS.get(status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}


def usage(
    told: Input, written: Written, fault: str | None = None, *, batch: bool = False
) -> Json | None:
    """``fault``: how to lie about it."""
    if fault == "missing":
        return None
    plain = {
        "input_tokens": told.fresh,
        "output_tokens": written.output_tokens,
        "cache_creation_input_tokens": told.written,
        "cache_read_input_tokens": told.read,
    }
    return {
        **{name: lied(count, fault) for name, count in plain.items()},
        "cache_creation": {
            "ephemeral_5m_input_tokens": lied(told.write_short, fault),
            "ephemeral_1h_input_tokens": lied(told.write_long, fault),
        },
        "output_tokens_details": {"thinking_tokens": written.thinking_tokens},
        "server_tool_use": None,
        "service_tier": "batch" if batch else "standard",
        "inference_geo": "us",
        "speed": "standard",
    }


def lied(count: int, fault: str | None) -> int:
    """A count as a provider with a fault tells it."""
    return {"zero": 0, "negative": -1 - count, "huge": 10**9 + count}.get(fault or "", count)


def content(body: Json, written: Written, new_id: str) -> list[Json]:
    """The reply's blocks. A quote of a document that may be cited is a citation."""
    blocks: list[Json] = []
    if written.thinking:
        blocks.append({"type": "thinking", "thinking": written.thinking, "signature": SIGNATURE})
    if written.text:
        blocks += _texts(body, written.text)
    if written.call:
        call = {"id": new_id, "name": written.call.name, "input": written.call.arguments}
        blocks.append({"type": "tool_use", **call, "caller": {"type": "direct"}})
    return blocks


def message(
    body: Json, blocks: list[Json], written: Written, told: Json | None, new_id: str
) -> Json:
    whole = {
        "id": new_id,
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": blocks,
        "stop_reason": STOPS[written.stop],
        "stop_sequence": written.stop_sequence,
        "stop_details": _details(written),
        "container": None,
        "diagnostics": None,
        "usage": told,
    }
    if told is None:
        del whole["usage"]
    return whole


def events(whole: Json, written: Written, count: Count, words: int) -> list[Event]:
    """``whole``: the message as it would be unstreamed; ``words``: of text an event."""
    model = whole["model"]
    told = whole.get("usage")
    opening = {
        **whole,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }
    if told is not None:
        opening["usage"] = {
            **told,
            "output_tokens": min(1, told["output_tokens"]),
            "output_tokens_details": {"thinking_tokens": 0},
        }
    first = min(1, written.output_tokens)
    told_events = [_event({"type": "message_start", "message": opening}, first)]
    told_events.append(_event({"type": "ping"}, first))
    pieces = 0
    output = first
    for index, block in enumerate(whole["content"]):
        empty, steps = _steps(block, count, words)
        start = {"type": "content_block_start", "index": index, "content_block": empty}
        told_events.append(_event(start, output))
        for delta, more in steps:
            pieces += more
            output = max(first, min(written.output_tokens, scaled(pieces, model)))
            told_events.append(
                _event({"type": "content_block_delta", "index": index, "delta": delta}, output)
            )
        told_events.append(_event({"type": "content_block_stop", "index": index}, output))
    told_events.append(_event(_message_delta(whole), written.output_tokens))
    told_events.append(_event({"type": "message_stop"}, written.output_tokens))
    return told_events


def _message_delta(whole: Json) -> Json:
    names = ("stop_reason", "stop_sequence", "stop_details", "container")
    delta: Json = {"type": "message_delta", "delta": {name: whole[name] for name in names}}
    if told := whole.get("usage"):
        counted = """input_tokens output_tokens cache_creation_input_tokens cache_read_input_tokens
            output_tokens_details server_tool_use""".split()
        delta["usage"] = {name: told[name] for name in counted}
    return delta


def _event(data: Json, output: int) -> Event:
    return Event(f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode(), output)


def _steps(block: Json, count: Count, words: int) -> tuple[Json, Iterator[tuple[Json, int]]]:
    """A block as it starts, and its deltas with the word pieces of each."""
    if block["type"] == "thinking":
        return {**block, "thinking": "", "signature": ""}, _thinking_steps(block, count, words)
    if block["type"] == "tool_use":
        return {**block, "input": {}}, _call_steps(block, count, words)
    cited: list[Json] | None = None if block["citations"] is None else []
    return {**block, "text": "", "citations": cited}, _text_steps(block, count, words)


def _thinking_steps(block: Json, count: Count, words: int) -> Iterator[tuple[Json, int]]:
    for text in deltas(block["thinking"], words):
        yield {"type": "thinking_delta", "thinking": text}, count(text)
    yield {"type": "signature_delta", "signature": block["signature"]}, 0


def _call_steps(block: Json, count: Count, words: int) -> Iterator[tuple[Json, int]]:
    yield {"type": "input_json_delta", "partial_json": ""}, count(block["name"])
    for text in deltas(json.dumps(block["input"]), words):
        yield {"type": "input_json_delta", "partial_json": text}, count(text)


def _text_steps(block: Json, count: Count, words: int) -> Iterator[tuple[Json, int]]:
    for citation in block["citations"] or []:
        yield {"type": "citations_delta", "citation": citation}, 0
    for text in deltas(block["text"], words):
        yield {"type": "text_delta", "text": text}, count(text)


def _details(written: Written) -> Json | None:
    if written.stop != "refusal":
        return None
    return {"type": "refusal", "category": None, "explanation": None}


def _texts(body: Json, text: str) -> list[Json]:
    """The text in blocks: each quote of a citable document is a block with its citation."""
    sources = _citable(body)
    blocks: list[Json] = []
    place = 0
    for quote in QUOTED.finditer(text) if sources else ():
        cited = [each for source in sources if (each := _citation(source, quote.group(1)))]
        if not cited:
            continue
        blocks += _plain(text[place : quote.start()])
        blocks.append({"type": "text", "text": quote.group(), "citations": cited[:1]})
        place = quote.end()
    return blocks + _plain(text[place:])


def _plain(text: str) -> list[Json]:
    return [{"type": "text", "text": text, "citations": None}] if text else []


def _citable(body: Json) -> list[Json]:
    """Documents and search results that may be cited, with their indices in the request."""
    found: list[Json] = []
    documents = results = 0
    for each in body["messages"]:
        for block in blocks_of(each["content"]):
            enabled = (block.get("citations") or {}).get("enabled")
            if block["type"] == "document":
                if enabled:
                    found.append({"index": documents, **block})
                documents += 1
            if block["type"] == "search_result":
                if enabled:
                    found.append({"index": results, **block})
                results += 1
    return found


def _citation(source: Json, quote: str) -> Json | None:
    if source["type"] == "search_result":
        span = _block_of(source["content"], quote)
        told = {"search_result_index": source["index"], "source": source["source"]}
        return span and {
            "type": "search_result_location",
            **told,
            "title": source.get("title"),
            **span,
        }
    document = {
        "document_index": source["index"],
        "document_title": source.get("title"),
        "file_id": None,
    }
    kept: Any = source["source"]
    if kept["type"] == "content":
        span = _block_of(blocks_of(kept["content"]), quote)
        return span and {"type": "content_block_location", **document, **span}
    start = kept["data"].find(quote) if kept["type"] == "text" else -1
    if start < 0:
        return None
    span = {"start_char_index": start, "end_char_index": start + len(quote)}
    return {"type": "char_location", "cited_text": quote, **document, **span}


def _block_of(blocks: list[Json], quote: str) -> Json | None:
    for place, block in enumerate(blocks):
        if quote in block.get("text", ""):
            span = {"start_block_index": place, "end_block_index": place + 1}
            return {"cited_text": block["text"], **span}
    return None
