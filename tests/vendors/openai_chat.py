"""OpenAI's chat completions: the object, whole and as chunks."""

from __future__ import annotations

import json
from typing import Any

from tests.vendors.anthropic_replies import lied
from tests.vendors.caching import Input
from tests.vendors.delivery import Event
from tests.vendors.generation import Written, deltas
from tests.vendors.openai_requests import Json
from tests.vendors.openai_responses import REFUSED
from tests.vendors.tokens import Count, scaled
from tests.vendors.world import World

FINISHES = {"end": "stop", "sequence": "stop", "length": "length", "tool": "tool_calls"}


def usage(told: Input, written: Written, fault: str | None = None) -> Json | None:
    """``fault``: how to lie about it."""
    if fault == "missing":
        return None
    return {
        "prompt_tokens": lied(told.total, fault),
        "completion_tokens": lied(written.output_tokens, fault),
        "total_tokens": lied(told.total + written.output_tokens, fault),
        "prompt_tokens_details": {
            "cached_tokens": lied(told.read, fault),
            "cache_write_tokens": lied(told.written, fault),
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": written.thinking_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def completion(body: Json, written: Written, told: Json | None, world: World) -> Json:
    message: Json = {
        "role": "assistant",
        "content": written.text if not written.call and written.stop != "refusal" else None,
        "refusal": REFUSED if written.stop == "refusal" else None,
        "annotations": [],
    }
    if written.call:
        call = {"name": written.call.name, "arguments": written.call.json}
        named = {"id": world.new_id("call_"), "type": "function", "function": call}
        message["tool_calls"] = [named]
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": FINISHES.get(written.stop, "stop"),
    }
    return {
        "id": world.new_id("chatcmpl-"),
        "object": "chat.completion",
        "created": int(world.clock.now().timestamp()),
        "model": body["model"],
        "choices": [choice],
        "usage": told,
        "service_tier": "default",
        "system_fingerprint": "fp_loopback",
    }


def events(
    whole: Json, written: Written, count: Count, words: int, with_usage: bool
) -> list[Event]:
    """``with_usage``: stream_options.include_usage, a last chunk without choices."""
    message = whole["choices"][0]["message"]
    found = [_chunk(whole, {"role": "assistant", "content": "", "refusal": None}, 0)]
    pieces = count(written.thinking)
    for delta, text in _steps(message, words):
        pieces += count(text)
        output = min(written.output_tokens, scaled(pieces, whole["model"]))
        found.append(_chunk(whole, delta, output))
    finish = whole["choices"][0]["finish_reason"]
    found.append(_chunk(whole, {}, written.output_tokens, finish))
    if with_usage:
        last = {**_frame(whole), "choices": [], "usage": whole["usage"]}
        found.append(_event(last, written.output_tokens))
    return [*found, Event(b"data: [DONE]\n\n", written.output_tokens)]


def failure(message: str) -> bytes:
    error = {"message": message, "type": "server_error", "param": None, "code": None}
    return f"data: {json.dumps({'error': error})}\n\n".encode()


def _steps(message: Json, words: int) -> list[tuple[Json, str]]:
    if message.get("tool_calls"):
        call = message["tool_calls"][0]
        named = {**call, "function": {**call["function"], "arguments": ""}, "index": 0}
        steps: list[tuple[Json, str]] = [({"tool_calls": [named]}, call["function"]["name"])]
        for text in deltas(call["function"]["arguments"], words):
            part = {"index": 0, "function": {"arguments": text}}
            steps.append(({"tool_calls": [part]}, text))
        return steps
    name = "refusal" if message["refusal"] else "content"
    return [({name: text}, text) for text in deltas(message[name] or "", words)]


def _chunk(whole: Json, delta: Json, output: int, finish: str | None = None) -> Event:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _event({**_frame(whole), "choices": [choice]}, output)


def _frame(whole: Json) -> dict[str, Any]:
    names = ("id", "created", "model", "service_tier", "system_fingerprint")
    return {"object": "chat.completion.chunk", **{name: whole[name] for name in names}}


def _event(data: Json, output: int) -> Event:
    return Event(f"data: {json.dumps(data)}\n\n".encode(), output)
