"""What the models answer. An author is a function from what a model was shown to its text."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 8


@dataclass(frozen=True)
class Seen:
    """A request as a model sees it, whichever provider's it is.

    ``texts``: what the messages say, in order, documents and tool results included; ``schema``:
    what the answer's JSON must satisfy; ``stream`` and ``batch``: how it was asked for;
    ``reference``: the user id, the safety identifier, or a batch entry's custom id.
    """

    provider: str
    model: str
    system: str = ""
    texts: list[str] = field(default_factory=list)
    schema: dict[str, Any] | None = None
    schema_name: str | None = None
    max_tokens: int | None = None
    stream: bool = False
    batch: bool = False
    reference: str = ""


Author = Callable[[Seen], str]


def answer(seen: Seen) -> str:
    """The default author: JSON that satisfies the schema, or else a short text."""
    if seen.schema is not None:
        return json.dumps(instance(seen.schema))
    return "Revenue grew on higher volumes, and margins held. Cash flow covered the dividend."


def instance(schema: dict[str, Any]) -> Any:
    """A value that satisfies a JSON schema of the kind that both providers accept."""
    return _instance(schema, schema, 0)


def _instance(schema: dict[str, Any], root: dict[str, Any], depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError("The schema nests without end: make what recurs optional.")
    if "$ref" in schema:
        return _instance(_referred(schema["$ref"], root), root, depth)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _instance(_shallowest(schema[key], depth), root, depth)
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged |= _referred(part["$ref"], root) if "$ref" in part else part
        return _instance(merged, root, depth)
    return _of_kind(_kind(schema), schema, root, depth)


def _of_kind(kind: str, schema: dict[str, Any], root: dict[str, Any], depth: int) -> Any:
    if kind == "object":
        required = schema.get("required", list(schema.get("properties", {})))
        return {
            name: _instance(schema["properties"].get(name, {}), root, depth + 1)
            for name in required
        }
    if kind == "array":
        least = schema.get("minItems", 0)
        most = schema.get("maxItems", max(least, 1))
        wanted = least if depth > DEEPEST // 2 else min(max(least, 1), most)
        return [_instance(schema.get("items", {}), root, depth + 1) for _ in range(wanted)]
    if kind == "string":
        return _string(schema)
    if kind in ("integer", "number"):
        return _number(kind, schema)
    return {"boolean": True, "null": None}[kind]


def _string(schema: dict[str, Any]) -> str:
    formats = {
        "date": "2026-11-20",
        "date-time": "2026-11-20T12:00:00Z",
        "time": "12:00:00Z",
        "email": "someone@example.com",
        "uri": "https://example.com/",
        "uuid": "00000000-0000-4000-8000-000000000000",
    }
    text = formats.get(schema.get("format", ""), str(schema.get("title") or "text"))
    return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength", len(text) + 999)]


def _number(kind: str, schema: dict[str, Any]) -> float | int:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None and high is not None and kind == "number":
        return float((low + high) / 2)
    if low is not None:
        return int(low) + 1
    if high is not None:
        return int(high) - 1
    return 1 if kind == "integer" else 0.5


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return str(next((each for each in kind if each != "null"), "null"))
    return str(kind or ("object" if "properties" in schema else "string"))


def _shallowest(choices: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    """The first choice, but deep down the one that ends."""
    if depth > DEEPEST // 2:
        return next((each for each in choices if each.get("type") == "null"), choices[0])
    return choices[0]


def _referred(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    found: Any = root
    for name in filter(None, reference.removeprefix("#").split("/")):
        found = found[name]
    referred: dict[str, Any] = found
    return referred
