"""Server-sent events as they go over the wire. Pure."""

from __future__ import annotations

import json

from queries.eventlog.codec import name, payload
from queries.values import Event

HEARTBEAT = b": still here\n\n"
OPENING = b"retry: 2000\n\n"  # milliseconds until a browser asks again


def frame(identity: str, event: Event) -> bytes:
    """JSON has no line break of its own, so the data is one line."""
    data = json.dumps(payload(event))
    return f"id: {identity}\nevent: {name(event)}\ndata: {data}\n\n".encode()
