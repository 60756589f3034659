"""JSON over the wire: written in full, and read with nothing taken for granted."""

from __future__ import annotations

import json
import re
from typing import Any

Json = dict[str, Any]

IDENTIFIER = re.compile(r"[\w.:/@-]{1,128}")
MOST_TOKENS = 50_000_000  # no call has more: a count beyond is a mistake


class NotAnObject(Exception):
    """JSON, but not the object that it must be."""


def encoded(body: Json) -> bytes:
    """What can't be said in UTF-8, a half of a pair from a broken copy, becomes "?"."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def parsed(content: bytes | str) -> Json:
    """A JSON object. Raises NotAnObject, and what ``json.loads`` raises."""
    value = json.loads(content)
    if not isinstance(value, dict):
        raise NotAnObject
    return value


def mapping(value: Any) -> Json:
    """The object, or an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Json]:
    """The objects of a list; whatever else stands there is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def identifier(value: Any) -> str:
    """An id, or "" for what doesn't look like one: it may go into messages and logs."""
    return value if isinstance(value, str) and IDENTIFIER.fullmatch(value) else ""


def count(told: Json, name: str) -> int:
    """A number of tokens; none is 0. Raises ValueError for what can't be one."""
    value = told.get(name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TOKENS:
        raise ValueError(f"{name} is no number of tokens")
    return value
