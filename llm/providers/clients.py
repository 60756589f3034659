"""The SDKs' clients: one a provider and process, shared by all of its threads.

Neither retries (the door does, and meters each attempt) nor logs what it sends. The SDKs take
seconds to import, so that it is done by the first call. A forked child makes its own: the
parent's connections aren't its to use, nor to close.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import httpx2
from django.conf import settings

from llm.errors import CallFailed, Kind
from llm.providers.deadlines import watch

if TYPE_CHECKING:
    import anthropic
    import openai

Client = TypeVar("Client")

CONNECT_SECONDS = 5.0
# More than the door lets in at once, so that nobody waits for a connection.
LIMITS = httpx2.Limits(max_connections=500, max_keepalive_connections=200)
# They log requests, which hold prompts. Each by name: a level set on "openai" doesn't undo it.
LOGGERS = ("anthropic._base_client", "anthropic._response", "anthropic._tracing",
           "openai._base_client", "openai._legacy_response", "openai._response", "httpx2",
           "httpcore2.connection", "httpcore2.http11", "httpcore2.proxy", "httpcore2.socks")  # fmt: skip


class NotSetUp(CallFailed):
    """A provider's key or address can't be used; the message says which setting to change."""

    def __init__(self, provider: str, told: str) -> None:
        super().__init__(Kind.UNAUTHORISED, provider=provider, model="")
        self.args = (told,)


@dataclass(frozen=True)
class Endpoint:
    """Where a provider is. ``key`` is in no repr."""

    provider: str
    url: str
    key: str = field(repr=False)


def anthropic_client() -> anthropic.Anthropic:
    """Raises NotSetUp."""
    return _shared(endpoint("anthropic"), _anthropic)


def openai_client() -> openai.OpenAI:
    """Raises NotSetUp."""
    return _shared(endpoint("openai"), _openai)


CLIENTS: dict[str, Callable[[], object]] = {
    "anthropic": anthropic_client,
    "openai": openai_client,
}


def endpoint(provider: str) -> Endpoint:
    """From the settings as they are now. Raises NotSetUp."""
    name = provider.upper()
    key = str(getattr(settings, f"{name}_API_KEY")).strip()
    url = str(getattr(settings, f"{name}_BASE_URL")).strip().rstrip("/")
    if not key:
        raise NotSetUp(provider, f"{provider} has no key: set {name}_API_KEY.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise NotSetUp(provider, f"{name}_API_KEY holds characters that no key has: copy it anew.")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        told = f"FA_{name}_BASE_URL is no address: it begins with https:// and a host's name."
        raise NotSetUp(provider, told)
    return Endpoint(provider, url, key)


def timeout(seconds: float) -> httpx2.Timeout:
    """``seconds``: the whole time of a call; making a connection has its own limit."""
    connect = min(CONNECT_SECONDS, seconds)
    return httpx2.Timeout(seconds, connect=connect, pool=connect)


_lock = threading.Lock()
_made: dict[tuple[int, str], tuple[Endpoint, Any]] = {}


def _shared(wanted: Endpoint, make: Callable[[Endpoint], Client]) -> Client:
    place = (os.getpid(), wanted.provider)
    kept = _made.get(place)
    if kept is not None and kept[0] == wanted:
        return kept[1]  # type: ignore[no-any-return]
    with _lock:
        kept = _made.get(place)
        if kept is None or kept[0] != wanted:
            kept = _made[place] = (wanted, make(wanted))
            for name in LOGGERS:
                logging.getLogger(name).setLevel(logging.WARNING)
        return kept[1]


def _anthropic(wanted: Endpoint) -> anthropic.Anthropic:
    import anthropic

    http = anthropic.DefaultHttpxClient(limits=LIMITS)
    client = anthropic.Anthropic(
        api_key=wanted.key,
        base_url=wanted.url,
        max_retries=0,
        timeout=timeout(60),
        open_telemetry=False,  # the door has its own spans, without prompts
        http_client=http,
    )
    return _ready(client, http)


def _openai(wanted: Endpoint) -> openai.OpenAI:
    import openai

    http = openai.DefaultHttpxClient(limits=LIMITS)
    client = openai.OpenAI(
        api_key=wanted.key,
        base_url=wanted.url,
        max_retries=0,
        timeout=timeout(60),
        http_client=http,
    )
    return _ready(client, http)


def _ready(client: Client, http: httpx2.Client) -> Client:
    watch(http)
    # One that the settings left behind ends with the last call that holds it.
    weakref.finalize(client, _close, http, os.getpid())
    return client


def _close(http: httpx2.Client, made_by: int) -> None:
    if os.getpid() == made_by:
        http.close()


def _after_fork() -> None:
    global _lock
    _lock = threading.Lock()  # another thread of the parent may have held it


os.register_at_fork(after_in_child=_after_fork)
