"""Our Request as the body of OpenAI's responses, or of chat completions for other servers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from itertools import takewhile
from typing import Any

from llm.providers.wire import Json
from llm.structured import strict
from llm.values import Part, Request, Turn

BETWEEN_PARTS = "\n\n"


def response_body(request: Request) -> Json:
    """For ``responses`` and a batch's line. Nothing is kept at the provider's."""
    body = {**prompt_body(request), "store": False}
    if key := cache_key(request):
        body["prompt_cache_key"] = key
    if request.max_output_tokens:
        body["max_output_tokens"] = request.max_output_tokens
    else:  # only to warm the cache
        body["prompt_cache_options"] = {"prewarm": True}
    return body


def prompt_body(request: Request) -> Json:
    """For ``responses/input_tokens``: what is read, without how to answer."""
    body: Json = {
        "model": request.model,
        "input": [_item(turn) for turn in request.turns if _joined(turn.parts)],
    }
    if instructions := _joined(request.system):
        body["instructions"] = instructions
    if request.effort:
        body["reasoning"] = {"effort": request.effort}
    if request.schema is not None:
        body["text"] = {
            "format": {"type": "json_schema", **_schema(request.schema, request.schema_name)}
        }
    return body


def chat_body(request: Request, *, stream: bool) -> Json:
    """For servers without ``responses``; they are older, and so are the names they know."""
    messages = [
        {"role": turn.role, "content": said}
        for turn in request.turns
        if (said := _joined(turn.parts))
    ]
    if instructions := _joined(request.system):
        messages.insert(0, {"role": "system", "content": instructions})
    body: Json = {
        "model": request.model,
        "messages": messages,
        "max_tokens": max(1, request.max_output_tokens),
    }
    if request.effort:
        body["reasoning_effort"] = request.effort
    if request.schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": _schema(request.schema, request.schema_name),
        }
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


def cache_key(request: Request) -> str:
    """The same for requests that begin alike, so that they meet at the same cache; or ""."""
    parts = [*request.system, *(part for turn in request.turns for part in turn.parts)]
    stable = list(takewhile(lambda part: part.is_stable or not part.text, parts))
    text = BETWEEN_PARTS.join(part.text for part in stable if part.text)
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32] if text else ""


def _item(turn: Turn) -> Json:
    if turn.role == "assistant":
        return {"role": "assistant", "content": _joined(turn.parts)}
    content = [{"type": "input_text", "text": part.text} for part in turn.parts if part.text]
    return {"role": "user", "content": content}


def _joined(parts: tuple[Part, ...]) -> str:
    return BETWEEN_PARTS.join(part.text for part in parts if part.text)


def _schema(schema: Mapping[str, Any], name: str) -> Json:
    allowed = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64]
    return {"name": allowed or "result", "strict": True, "schema": strict(schema)}
