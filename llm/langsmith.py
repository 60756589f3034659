"""The way to LangSmith, by its own SDK: for whoever has scores to keep there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from langsmith import Client

SECONDS = 20


class NotPushed(Exception):
    """LangSmith does not have it, or not whole; the message says why."""


@contextmanager
def pushing() -> Iterator[tuple[Client, Callable[[], None]]]:
    """A client, and what raises where something sent by now has failed.

    Raises NotPushed, for whatever the block raises too: the SDK lets through whatever its parts
    raise, and what the other side says may hold the key or what we sent, so only its kind is told.
    """
    if not settings.LANGSMITH_API_KEY:
        raise NotPushed("LANGSMITH_API_KEY is not set.")
    try:
        from langsmith import Client
    except ImportError as error:
        raise NotPushed(
            "its SDK is not installed. Install requirements/langsmith.lock with pip."
        ) from error
    failures: list[Exception] = []  # of what the SDK only logs

    def check() -> None:
        if failures:
            raise failures[0]

    client = Client(
        api_url=settings.LANGSMITH_ENDPOINT,
        api_key=settings.LANGSMITH_API_KEY,
        timeout_ms=SECONDS * 1000,
        auto_batch_tracing=False,  # sent when asked, so that a failure is seen
        omit_traced_runtime_info=True,
        tracing_error_callback=failures.append,
    )
    try:
        yield client, check
        check()
    except Exception as error:
        raise NotPushed(
            f"{settings.LANGSMITH_ENDPOINT} answered with {type(error).__name__}."
        ) from error
    finally:
        client.close()
