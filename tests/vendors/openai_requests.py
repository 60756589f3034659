"""OpenAI's requests: what is rejected, and what is read from those that aren't."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.vendors.anthropic_requests import Refusal
from tests.vendors.author import Seen
from tests.vendors.caching import OPENAI_MINIMUM, Cache, Input, Part
from tests.vendors.generation import Wanted
from tests.vendors.tokens import FOR_A_MESSAGE, FOR_A_PROMPT, FOR_A_TOOL, Count
from tests.vendors.world import World

Json = dict[str, Any]

MODELS = tuple(
    """gpt-6-astra gpt-6.1-sol gpt-6.1-terra gpt-6-sol gpt-6-luna gpt-5.6-sol gpt-5.6-terra
    gpt-5.6-luna gpt-5.5 gpt-5.4 gpt-5.4-mini gpt-5.4-nano gpt-5.2 gpt-5.1 text-embedding-3-small
    text-embedding-3-large text-embedding-ada-002""".split()
)
RESPONSES_FIELDS = frozenset(
    """model input instructions max_output_tokens temperature top_p reasoning text tools tool_choice
    parallel_tool_calls previous_response_id conversation store include metadata safety_identifier
    prompt_cache_key prompt_cache_options service_tier truncation background stream stream_options
    max_tool_calls user prompt top_logprobs""".split()
)
CHAT_FIELDS = frozenset(
    """model messages max_completion_tokens max_tokens response_format tools tool_choice temperature
    top_p stop stream stream_options store metadata safety_identifier prompt_cache_key
    prompt_cache_options service_tier reasoning_effort verbosity parallel_tool_calls seed n user
    logprobs top_logprobs frequency_penalty presence_penalty""".split()
)
LOOKBACK = 10_000  # breakpoints are sought in the whole conversation
IMAGE_PIECES = 1000


def refused(
    message: str, param: str | None = None, code: str | None = None, status: int = 400
) -> Refusal:
    """``param`` and ``code`` travel in the refusal's kind, as OpenAI's body has both."""
    return Refusal(status, json.dumps([param, code]), message)


def check(body: Any, fields: frozenset[str], needed: str) -> None:
    """Raises Refusal. ``needed``: what must be there beside the model."""
    if not isinstance(body, dict):
        raise refused("We could not parse the JSON body of your request.")
    for name in body:
        if name not in fields:
            raise refused(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    check_model(body.get("model"))
    if not body.get(needed):
        raise refused(
            f"Missing required parameter: '{needed}'.", needed, "missing_required_parameter"
        )
    _check_schema(schema_of(body)[1])


def check_model(model: Any) -> None:
    if not isinstance(model, str):
        raise refused("You must provide a model parameter.", "model", "missing_required_parameter")
    if model not in MODELS:
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise refused(message, None, "model_not_found", 404)


def _check_schema(schema: Json | None) -> None:
    """Strict structured outputs: every object closed, every property required."""
    for place, part in _schemas(schema, "schema"):
        if part.get("type") != "object":
            continue
        wrong = None
        if part.get("additionalProperties") is not False:
            wrong = "'additionalProperties' is required to be supplied and to be false"
        elif set(part.get("required", [])) != set(part.get("properties", {})):
            wrong = "'required' is required to be supplied and to name every key in properties"
        if wrong:
            message = f"Invalid schema for response_format: In {place}, {wrong}."
            raise refused(message, "text.format.schema", "invalid_json_schema")


def _schemas(part: Any, place: str) -> Iterator[tuple[str, Json]]:
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


def schema_of(body: Json) -> tuple[str | None, Json | None]:
    """The schema's name and itself, where a strict one was asked for."""
    wanted = (body.get("text") or {}).get("format") or {}
    if body.get("response_format"):
        wanted = body["response_format"].get("json_schema") or {}
        wanted = {"type": body["response_format"].get("type"), **wanted}
    if wanted.get("type") != "json_schema":
        return None, None
    return wanted.get("name"), wanted.get("schema")


def items_of(body: Json) -> list[Json]:
    """Responses' input or chat's messages, as items."""
    given = body.get("messages") or body.get("input") or []
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    if body.get("instructions"):
        given = [{"role": "developer", "content": body["instructions"]}, *given]
    return [item for item in given if isinstance(item, dict)]


def contents_of(item: Json) -> list[Json]:
    content = item.get("content")
    if isinstance(content, str):
        return [{"type": "input_text", "text": content}]
    return [part for part in content or [] if isinstance(part, dict)]


def texts_of(item: Json) -> list[str]:
    """What an item says in words."""
    if item.get("type") == "function_call":
        return [str(item.get("name", "")), str(item.get("arguments", ""))]
    if item.get("type") == "function_call_output":
        output = item.get("output")
        return [output if isinstance(output, str) else json.dumps(output)]
    texts = [str(part["text"]) for part in contents_of(item) if part.get("text")]
    for call in item.get("tool_calls") or []:
        texts += [str(call["function"]["name"]), str(call["function"]["arguments"])]
    return texts


def parts(body: Json, count: Count) -> list[Part]:
    """The prompt's parts in the order they are read: tools, the format, then the items."""
    found = [Part("", FOR_A_PROMPT)]
    for tool in body.get("tools") or []:
        text = json.dumps(tool)
        found.append(Part(text, FOR_A_TOOL + count(text)))
    _, schema = schema_of(body)
    if schema is not None:
        text = json.dumps(schema)
        found.append(Part(text, count(text)))
    lasting = (body.get("prompt_cache_options") or {}).get("ttl") or "30m"
    for item in items_of(body):
        found.append(Part(str(item.get("role") or item.get("type")), FOR_A_MESSAGE))
        for part in contents_of(item):
            mark = part.get("prompt_cache_breakpoint")
            text = str(part.get("text") or json.dumps(part))
            pieces = count(str(part.get("text") or ""))
            pieces += IMAGE_PIECES if part.get("type") in ("input_image", "image_url") else 0
            found.append(Part(text, pieces, (mark.get("ttl") or lasting) if mark else None))
        if not contents_of(item):
            found += [Part(text, count(text)) for text in texts_of(item)]
    return found


def input_of(body: Json, world: World) -> Input:
    """The prompt's tokens by class, as the cache is now."""
    cache: Cache = world.caches["openai"]
    count = world.count
    found = parts(body, count)
    key = str(body.get("prompt_cache_key") or "")
    now = world.clock.now()
    mode = (body.get("prompt_cache_options") or {}).get("mode", "implicit")
    if any(part.ttl for part in found):
        return cache.marked(
            body["model"], found, now, seed=key, minimum=OPENAI_MINIMUM, lookback=LOOKBACK
        )
    total = sum(part.pieces for part in found)
    if mode == "explicit":
        return Input(total)
    text = "\n".join(part.text for part in found)
    told = cache.stepped(f"{body['model']}\0{key}", text, total, count, now)
    if world.options.implicit_writes and told.kept:
        return Input(0, write_short=told.fresh, read=told.read, kept=told.kept)
    return told


def seen(body: Json, *, batch: bool, reference: str = "") -> Seen:
    name, schema = schema_of(body)
    items = items_of(body)
    system = [text for item in items if _instructs(item) for text in texts_of(item)]
    return Seen(
        provider="openai",
        model=body["model"],
        system="\n".join(system),
        texts=[text for item in items if not _instructs(item) for text in texts_of(item)],
        schema=schema,
        schema_name=name,
        max_tokens=most_tokens(body),
        stream=bool(body.get("stream")),
        batch=batch,
        reference=reference or str(body.get("safety_identifier") or body.get("user") or ""),
    )


def most_tokens(body: Json) -> int | None:
    if (body.get("prompt_cache_options") or {}).get("prewarm"):
        return 0
    for name in ("max_output_tokens", "max_completion_tokens", "max_tokens"):
        if body.get(name) is not None:
            return int(body[name])
    return None


def wanted(body: Json, *, thinking: int, batch: bool, reference: str = "") -> Wanted:
    """``thinking``: words, where the effort allows any."""
    effort = body.get("reasoning_effort") or (body.get("reasoning") or {}).get("effort")
    stop = body.get("stop") or ()
    return Wanted(
        seen(body, batch=batch, reference=reference),
        thinking if effort not in (None, "none") else 0,
        (stop,) if isinstance(stop, str) else tuple(stop),
        _tool(body),
        only_tool=True,
    )


def _instructs(item: Json) -> bool:
    return item.get("role") in ("developer", "system")


def _tool(body: Json) -> tuple[str, Json] | None:
    """The tool that the model calls: the one it must, or the first while no result has come."""
    tools = [tool.get("function") or tool for tool in body.get("tools") or []]
    schemas = {str(tool["name"]): tool.get("parameters") or {} for tool in tools if "name" in tool}
    choice = body.get("tool_choice") or "auto"
    last = items_of(body)[-1]
    answered = last.get("type") == "function_call_output" or last.get("role") == "tool"
    if not schemas or choice == "none" or answered:
        return None
    forced = choice.get("function") or choice if isinstance(choice, dict) else {}
    name = str(forced.get("name") or next(iter(schemas)))
    if name not in schemas:
        raise refused(f"Tool choice '{name}' not found in 'tools'.", "tool_choice")
    return name, schemas[name]
