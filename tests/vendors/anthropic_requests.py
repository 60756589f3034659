"""Anthropic's requests: what is rejected, and what is read from those that aren't."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.vendors.author import Seen
from tests.vendors.caching import Part
from tests.vendors.generation import Wanted
from tests.vendors.tokens import FOR_A_MESSAGE, FOR_A_PROMPT, FOR_A_TOOL, Count

Json = dict[str, Any]

MODELS = tuple(
    """claude-fable-5-2 claude-mythos-5-2 claude-haiku-5-5 claude-sonnet-5-5 claude-fable-5-1
    claude-opus-5-5 claude-mythos-5-1 claude-sonnet-5 claude-fable-5 claude-mythos-5 claude-opus-5
    claude-opus-4-8 claude-opus-4-7 claude-mythos-preview claude-opus-4-6 claude-sonnet-4-6
    claude-haiku-4-5 claude-haiku-4-5-20251001 claude-opus-4-5 claude-opus-4-5-20251101
    claude-sonnet-4-5 claude-sonnet-4-5-20250929""".split()
)
FIELDS = frozenset(
    """model max_tokens messages system stream stop_sequences thinking output_config tools
    tool_choice cache_control metadata service_tier speed diagnostics inference_geo
    container""".split()
)
SAMPLING = ("temperature", "top_p", "top_k")
FORCED_TOOLS_REFUSED = ("claude-sonnet-5-5",)
MOST_BREAKPOINTS = 4
LARGEST = 32 * 1024 * 1024
MOST_TOKENS = 1_000_000
IMAGE_PIECES = 1200
BLOCKS = frozenset(
    """text image document search_result tool_use tool_result thinking redacted_thinking""".split()
)
# What structured outputs can't hold: the SDK moves it into descriptions.
UNSUPPORTED = frozenset(
    """minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength
    maxItems uniqueItems""".split()
)


@dataclass(frozen=True)
class Refusal(Exception):
    """A request that the provider rejects."""

    status: int
    kind: str
    message: str


def invalid(message: str) -> Refusal:
    return Refusal(400, "invalid_request_error", message)


def check(body: Any, *, counting: bool = False) -> None:
    """Raises Refusal as the provider does. ``counting``: for count_tokens, without max_tokens."""
    if not isinstance(body, dict):
        raise invalid("The request body is not a JSON object.")
    for name in SAMPLING:
        if name in body:
            raise invalid(f"{name}: this parameter is not supported by this API version.")
    for name in body:
        if name not in FIELDS:
            raise invalid(f"{name}: Extra inputs are not permitted")
    _check_model(body.get("model"))
    if not counting:
        _check_max_tokens(body)
    _check_messages(body)
    _check_thinking(body)
    _check_tools(body)
    _check_format(body)
    _check_breakpoints(body)


def _check_model(model: Any) -> None:
    if not isinstance(model, str):
        raise invalid("model: Field required")
    if model not in MODELS:
        raise Refusal(404, "not_found_error", f"model: {model}")


def _check_max_tokens(body: Json) -> None:
    most = body.get("max_tokens")
    if most is None:
        raise invalid("max_tokens: Field required")
    if isinstance(most, bool) or not isinstance(most, int) or most < 0:
        raise invalid("max_tokens: Input should be greater than or equal to 0")
    if most == 0 and body.get("stream"):
        raise invalid("max_tokens: 0 only warms the cache and can't be streamed")


def _check_messages(body: Json) -> None:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise invalid("messages: at least one message is required")
    for place, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in (
            "user",
            "assistant",
            "system",
        ):
            raise invalid(f"messages.{place}.role: Input should be 'user', 'assistant' or 'system'")
        for block in blocks_of(message.get("content")):
            if block.get("type") not in BLOCKS:
                raise invalid(f"messages.{place}.content: unknown type {block.get('type')!r}")
            if block["type"] == "text" and not block.get("text"):
                raise invalid(f"messages.{place}.content: text content blocks must be non-empty")
    if messages[-1]["role"] == "assistant":
        raise invalid("This model does not support assistant message prefill.")


def _check_thinking(body: Json) -> None:
    thinking = body.get("thinking") or {}
    if thinking.get("type") != "enabled":
        return
    if "-4-" not in body["model"]:
        raise invalid("thinking.type: budgets are not supported by this model; use 'adaptive'")
    if thinking.get("budget_tokens", 0) < 1024:
        raise invalid("thinking.budget_tokens: Input should be greater than or equal to 1024")


def _check_tools(body: Json) -> None:
    choice = (body.get("tool_choice") or {}).get("type", "auto")
    names = [tool.get("name") for tool in body.get("tools") or []]
    if choice in ("any", "tool"):
        if body["model"] in FORCED_TOOLS_REFUSED:
            raise invalid("tool_choice: forced tool use is not supported by this model")
        if choice == "tool" and body["tool_choice"].get("name") not in names:
            raise invalid("tool_choice.name: no such tool")


def _check_format(body: Json) -> None:
    wanted = schema_of(body)
    if wanted is None:
        return
    cited = any(
        (block.get("citations") or {}).get("enabled")
        for message in body["messages"]
        for block in blocks_of(message["content"])
    )
    if cited:
        raise invalid("output_config.format: structured outputs can't be combined with citations")
    for place, part in _schemas(wanted, "output_config.format.schema"):
        if part.get("type") == "object" and part.get("additionalProperties") is not False:
            raise invalid(f"{place}: for 'object' type, 'additionalProperties' must be false")
        if outside := sorted(UNSUPPORTED & set(part)):
            raise invalid(f"{place}: {', '.join(outside)} not supported")


def _schemas(part: Any, place: str) -> Iterator[tuple[str, Json]]:
    """A schema and all those in it."""
    if not isinstance(part, dict):
        return
    yield place, part
    for key in ("properties", "$defs", "definitions"):
        for name, inner in (part.get(key) or {}).items():
            yield from _schemas(inner, f"{place}.{name}")
    for key in ("anyOf", "oneOf", "allOf"):
        for inner in part.get(key) or []:
            yield from _schemas(inner, f"{place}.{key}")
    yield from _schemas(part.get("items"), f"{place}.items")


def _check_breakpoints(body: Json) -> None:
    lives = [part.ttl for part in parts(body, len) if part.ttl]
    if len(lives) > MOST_BREAKPOINTS:
        raise invalid(
            f"A maximum of 4 blocks with cache_control may be provided. Found {len(lives)}."
        )
    if "5m" in lives and "1h" in lives[lives.index("5m") :]:
        raise invalid("cache_control.ttl: a ttl='1h' block must not come after a ttl='5m' block")


def blocks_of(content: Any) -> list[Json]:
    """A message's content as blocks, whichever way it was given."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content or [] if isinstance(block, dict)]


def schema_of(body: Json) -> Json | None:
    wanted = (body.get("output_config") or {}).get("format") or {}
    return wanted.get("schema") if wanted.get("type") == "json_schema" else None


def parts(body: Json, count: Count) -> list[Part]:
    """The prompt's blocks as the cache sees them: tools, then system, then messages."""
    found = [Part("", FOR_A_PROMPT)]
    for tool in body.get("tools") or []:
        text = json.dumps({key: value for key, value in tool.items() if key != "cache_control"})
        found.append(Part(text, FOR_A_TOOL + count(text), _ttl(tool)))
    if wanted := schema_of(body):
        text = json.dumps(wanted)
        found.append(Part(text, count(text)))
    found += [_part("system", block, count) for block in blocks_of(body.get("system"))]
    thinking = json.dumps(body.get("thinking"))
    for message in body["messages"]:
        found.append(Part(f"{message['role']} {thinking}", FOR_A_MESSAGE))
        found += [_part(message["role"], block, count) for block in blocks_of(message["content"])]
    if body.get("cache_control"):
        last = found[-1]
        found[-1] = Part(last.text, last.pieces, _ttl(body))
    return found


def _part(role: str, block: Json, count: Count) -> Part:
    texts = texts_of(block)
    pieces = sum(map(count, texts)) + (IMAGE_PIECES if block.get("type") == "image" else 0)
    if block.get("type") == "text":
        return Part(texts[0], pieces, _ttl(block))
    whole = {key: value for key, value in block.items() if key != "cache_control"}
    return Part(f"{role} {json.dumps(whole)}", pieces, _ttl(block))


def _ttl(block: Json) -> str | None:
    control = block.get("cache_control")
    return str(control.get("ttl") or "5m") if control else None


def texts_of(block: Json) -> list[str]:
    """What a block says in words."""
    kind = block.get("type")
    if kind == "text":
        return [str(block["text"])]
    if kind == "document":
        source = block.get("source") or {}
        titles = [str(block[name]) for name in ("title", "context") if block.get(name)]
        return titles + source_texts(source)
    if kind == "search_result":
        inner = [str(each.get("text", "")) for each in block.get("content") or []]
        return [str(block.get("title", "")), *inner]
    if kind == "tool_result":
        return [text for inner in blocks_of(block.get("content")) for text in texts_of(inner)]
    if kind == "tool_use":
        return [str(block.get("name", "")), json.dumps(block.get("input"))]
    return [str(block["thinking"])] if kind == "thinking" else []


def source_texts(source: Json) -> list[str]:
    if source.get("type") == "text":
        return [str(source.get("data", ""))]
    if source.get("type") == "content":
        return [text for block in blocks_of(source.get("content")) for text in texts_of(block)]
    return ["\n".join(["page"] * (len(str(source.get("data", ""))) // 40))]  # a PDF, roughly


def seen(body: Json, *, batch: bool, reference: str = "") -> Seen:
    system = "\n".join(block["text"] for block in blocks_of(body.get("system")))
    texts = [
        text
        for message in body["messages"]
        for block in blocks_of(message["content"])
        for text in texts_of(block)
    ]
    schema = schema_of(body)
    return Seen(
        provider="anthropic",
        model=body["model"],
        system=system,
        texts=texts,
        schema=schema,
        schema_name=str(schema["title"]) if schema and "title" in schema else None,
        max_tokens=body.get("max_tokens"),
        stream=bool(body.get("stream")),
        batch=batch,
        reference=reference or str((body.get("metadata") or {}).get("user_id") or ""),
    )


def wanted(body: Json, *, thinking: int, batch: bool, reference: str = "") -> Wanted:
    """``thinking``: words, where the request allows thinking."""
    allowed = (body.get("thinking") or {}).get("type") in ("adaptive", "enabled", "between_tools")
    return Wanted(
        seen(body, batch=batch, reference=reference),
        thinking if allowed else 0,
        tuple(body.get("stop_sequences") or ()),
        _tool(body),
    )


def _tool(body: Json) -> tuple[str, Json] | None:
    """The tool that the model calls: the one it must, or the first while no result has come."""
    tools = {str(tool["name"]): tool.get("input_schema") or {} for tool in body.get("tools") or []}
    choice = body.get("tool_choice") or {}
    answered = any(
        block.get("type") == "tool_result" for block in blocks_of(body["messages"][-1]["content"])
    )
    if not tools or choice.get("type") == "none" or answered:
        return None
    name = str(choice.get("name") or next(iter(tools)))
    return name, tools[name]
