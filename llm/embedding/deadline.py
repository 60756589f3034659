"""An HTTP client that gives up when a whole answer takes too long.

A time-out of the socket starts anew with every byte, so that a server that drips would hold a
worker for hours. Here the body must be whole within the read time-out of its request.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx2
import openai

# Four times the most that can be asked for at once: 2,048 vectors of 1,536 in base64.
MOST_BYTES = 64 * 1024 * 1024


def limited_client() -> httpx2.Client:
    """With the SDK's own limits and the environment's proxies."""
    return openai.DefaultHttpxClient(event_hooks={"request": [_start], "response": [_limit]})


def _start(request: httpx2.Request) -> None:
    seconds = request.extensions.get("timeout", {}).get("read")
    if seconds is not None:
        request.extensions["deadline"] = time.monotonic() + seconds


def _limit(response: httpx2.Response) -> None:
    deadline = response.request.extensions.get("deadline")
    if deadline is not None and isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Limited(response.stream, response.request, deadline)


class _Limited(httpx2.SyncByteStream):
    def __init__(
        self, stream: httpx2.SyncByteStream, request: httpx2.Request, deadline: float
    ) -> None:
        self._stream = stream
        self._request = request
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise httpx2.ReadError("The answer is too long.", request=self._request)
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("The answer came too slowly.", request=self._request)
            yield chunk

    def close(self) -> None:
        self._stream.close()
