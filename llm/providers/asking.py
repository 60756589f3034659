"""One HTTP call by an SDK's client, which adds keys and headers and raises its own errors.

Bodies go out and come in as they are: the SDKs' own models cost more than they check, and
believe whatever a server says. A prompt goes where it was sent and nowhere that a reply says,
so that only downloads follow redirects.
"""

from __future__ import annotations

from typing import Any

import httpx2

from llm.providers.clients import timeout
from llm.providers.wire import Json, encoded, parsed

# Either SDK's client: their calls are alike, and neither knows the other's types.
Client = Any


def post(client: Client, path: str, body: Json | bytes, seconds: float) -> httpx2.Response:
    """``seconds``: for the whole answer."""
    return client.post(  # type: ignore[no-any-return]
        path,
        content=body if isinstance(body, bytes) else encoded(body),
        cast_to=httpx2.Response,
        options=_options(seconds),
    )


def events(client: Client, path: str, body: Json, seconds: float, kind: type) -> Any:
    """The SDK's stream of events, each as it came. ``kind``: the SDK's ``Stream[object]``."""
    return client.post(
        path,
        content=encoded(body),
        cast_to=object,
        stream=True,
        stream_cls=kind,
        options=_options(seconds),
    )


def get(client: Client, path: str, seconds: float) -> Json:
    options = {"timeout": timeout(seconds), "follow_redirects": False}
    return parsed(client.get(path, cast_to=httpx2.Response, options=options).content)


def download(client: Client, path: str, seconds: float) -> httpx2.Response:
    """A reply whose body is still to be read."""
    options = {"timeout": timeout(seconds), "headers": {"accept": "application/binary"}}
    return client.get(  # type: ignore[no-any-return]
        path, cast_to=httpx2.Response, stream=True, options=options
    )


def _options(seconds: float) -> dict[str, Any]:
    return {
        "timeout": timeout(seconds),
        "follow_redirects": False,
        "headers": {"content-type": "application/json"},
    }
