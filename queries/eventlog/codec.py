"""Events, answers and claims as JSON and back. What is loaded equals what was dumped.

PostgreSQL takes no NUL and no lone surrogate in JSON, and neither is text that anybody wrote:
both become U+FFFD on the way out.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from queries.values import Answer, Claim, Event

VERSION = 1
KINDS: dict[str, type] = {kind.__name__.lower(): kind for kind in get_args(Event)}
_UNSAYABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


class Unreadable(ValueError):
    """It isn't JSON of ours, or of another version."""


def name(event: Event) -> str:
    """As the stream calls it: step, text, voided, marked, shown, finished, refused."""
    return type(event).__name__.lower()


def dumped(event: Event) -> str:
    return json.dumps({"event": name(event), "data": _data(type(event), event)})


def loaded(text: str) -> Event:
    """Raises Unreadable."""
    try:
        told = json.loads(text)
        kind = KINDS[told["event"]]
        event: Event = _adapter(kind).validate_python(told["data"], strict=False)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise Unreadable(f"No event of version {VERSION}: {type(error).__name__}.") from error
    return event


def payload(event: Event) -> Any:
    """The event's fields as JSON has them, without its name."""
    return _data(type(event), event)


def answer_data(answer: Answer) -> Any:
    return {"version": VERSION, **_data(Answer, answer)}


def answer_of(data: Any) -> Answer:
    """Raises Unreadable."""
    answer: Answer = _read(Answer, data)
    return answer


def claim_data(claim: Claim) -> Any:
    return _data(Claim, claim)


def claim_of(data: Any) -> Claim:
    """Raises Unreadable."""
    claim: Claim = _read(Claim, data)
    return claim


def cleaned(text: str) -> str:
    return text.translate(_UNSAYABLE)


def _read(kind: type, data: Any) -> Any:
    try:
        return _adapter(kind).validate_python(data, strict=False)
    except ValidationError as error:
        raise Unreadable(f"No {kind.__name__} of version {VERSION}.") from error


def _data(kind: type, value: Any) -> Any:
    return _clean(_adapter(kind).dump_python(value, mode="json"))


def _clean(data: Any) -> Any:
    match data:
        case str():
            return data if data.isascii() and "\0" not in data else cleaned(data)
        case list():
            return [_clean(one) for one in data]
        case dict():
            return {key: _clean(one) for key, one in data.items()}
    return data


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
