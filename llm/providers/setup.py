"""Which providers are set up, and their adapters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from django.conf import settings

from llm.providers import Provider
from llm.providers.clients import CLIENTS, NotSetUp

_lock = threading.Lock()


def in_use() -> tuple[str, ...]:
    """The providers whose key is set, in the order of preference."""
    return tuple(name for name in ("anthropic", "openai") if _key(name))


def ready() -> None:
    """Import what the first call would, which takes seconds. Nothing is sent; a key that can't be
    used is told by the first call."""
    for name in in_use():
        with suppress(NotSetUp):
            CLIENTS[name]()


def provider(name: str) -> Provider:
    """The adapter, one a process. Its SDK is imported with the first call that needs it.

    Raises LookupError for a name that none has.
    """
    with _lock:
        return _adapter(name)


@cache
def _adapter(name: str) -> Provider:
    if name not in _ADAPTERS:
        raise LookupError(f"There is no provider {name!r}; there is {', '.join(_ADAPTERS)}.")
    return _ADAPTERS[name]()


def _anthropic() -> Provider:
    from llm.providers.anthropic import Anthropic

    return Anthropic()


def _openai() -> Provider:
    from llm.providers.openai import OpenAI

    return OpenAI()


_ADAPTERS: dict[str, Callable[[], Provider]] = {"anthropic": _anthropic, "openai": _openai}


def _key(name: str) -> str:
    return str(getattr(settings, f"{name.upper()}_API_KEY", "")).strip()
