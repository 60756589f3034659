"""What the servers say, held against the SDKs' own types."""

from __future__ import annotations

import json
import typing
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

HEADERS = {
    "authorization": "Bearer fake",
    "anthropic-version": "2026-10-21",
    "content-type": "application/json",
}
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, body: Any = None, method: str | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers with names in lower case, and body, whatever the status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, HEADERS, method=method)  # noqa: S310
    try:
        with _opener.open(request, timeout=20) as reply:
            return reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def events(body: bytes) -> list[tuple[str, Any]]:
    """A stream's events: name and data, "[DONE]" left out."""
    found = []
    for block in body.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if lines and lines["data"] != "[DONE]":
            found.append((lines.get("event", ""), json.loads(lines["data"])))
    return found


def read_as(kind: Any, data: Any) -> Any:
    """The SDK's value; raises ValidationError for what is missing or of another type."""
    return TypeAdapter(kind).validate_python(data)


def strangers(value: Any, place: str = "") -> Iterator[str]:
    """Fields that the SDK's types don't know, anywhere in the value."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{place}.{name}"
        for name in type(value).model_fields:
            yield from strangers(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from strangers(each, f"{place}[]")


def members(union: Any) -> list[type[BaseModel]]:
    """The classes of a discriminated union, nested ones too."""
    if get_origin(union) is Annotated:
        return members(get_args(union)[0])
    if get_args(union) and get_origin(union) is not typing.Literal:
        return [each for argument in get_args(union) for each in members(argument)]
    return [union] if isinstance(union, type) and issubclass(union, BaseModel) else []


def kind_of(model: type[BaseModel]) -> str:
    """The value of its ``type`` field."""
    return str(get_args(model.model_fields["type"].annotation)[0])
