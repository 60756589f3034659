"""A span for each middleware, the parent of all that happens behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps

from llm.tracing import step_span
from queries.values import Asked, Event, Handler, Middleware


def traced(middleware: Middleware) -> Middleware:
    name = f"query.{middleware.__name__}"

    @wraps(middleware)
    def through(asked: Asked, handler: Handler) -> Iterator[Event]:
        with step_span(name):
            yield from middleware(asked, handler)

    return through
