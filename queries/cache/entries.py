"""Events as bytes and back, and an answer as it is kept. What can't be read is nothing: a miss."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from queries.values import Event, Finished, Marked, Refused, Shown, Step, Text, Voided

# Raise it when an event's shape changes, or what an answer rests on but its key doesn't hold.
VERSION = 1

_KINDS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (Step, Text, Voided, Marked, Shown, Finished, Refused)
}


@dataclass(frozen=True)
class Entry:
    """``events``: as they are replayed, the last Finished. ``stocks``: those it rests on, with the
    ``corpus`` version that they had; ``kept_at``: in seconds since 1970."""

    events: tuple[Event, ...]
    stocks: tuple[str, ...]
    corpus: str
    kept_at: float


def event_bytes(event: Event) -> bytes:
    """Empty, which nobody can read, for what JSON can't hold: half a surrogate pair of a model's."""
    kind = type(event).__name__
    try:
        return kind.encode() + b" " + bytes(_KINDS[kind].dump_json(event))
    except PydanticSerializationError:
        return b""


def event_of(told: bytes) -> Event | None:
    kind, _, body = told.partition(b" ")
    adapter = _KINDS.get(kind.decode("ascii", "replace"))
    if adapter is None:
        return None
    try:
        event: Event = adapter.validate_json(body)
    except ValidationError:
        return None
    return event


def entry_bytes(entry: Entry) -> bytes:
    head = json.dumps([VERSION, entry.stocks, entry.corpus, entry.kept_at]).encode()
    return b"\n".join([head, *map(event_bytes, entry.events)])


def entry_of(kept: bytes | None) -> Entry | None:
    if kept is None:
        return None
    head, *lines = kept.split(b"\n")
    try:
        version, stocks, corpus, kept_at = json.loads(head)
    except (ValueError, TypeError):
        return None
    events = [event for line in lines if (event := event_of(line)) is not None]
    if version != VERSION or len(events) != len(lines) or not events:
        return None
    if not isinstance(events[-1], Finished):
        return None
    return Entry(tuple(events), tuple(map(str, stocks)), str(corpus), float(kept_at))


def replayed(events: Iterable[Event]) -> Iterator[Event]:
    """What is told again: no steps, nothing that was void, and text that came in pieces whole."""
    said: list[Event] = []
    for event in events:
        if isinstance(event, Voided):
            said = []
        elif isinstance(event, Text) and said and isinstance(said[-1], Text):
            said[-1] = Text(said[-1].text + event.text)
        elif not isinstance(event, Step):
            said.append(event)
    yield from said
