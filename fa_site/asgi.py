"""The streams, for an ASGI server: /stream/ and nothing else. Pages and API are fa_site.wsgi's.

The process also answers: its desk begins and ends with the server (ASGI's lifespan).
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fa_site.settings")

from fa_site.services import attach

attach()

import django  # noqa: E402

django.setup(set_prefix=False)

from asgiref.sync import sync_to_async  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402

from queries.desk import Desk  # noqa: E402
from queries.readying import ready  # noqa: E402

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Streams(ASGIHandler):
    """The site's middleware in front of routes of its own."""

    def create_request(self, scope: Any, body_file: Any) -> Any:
        request, problem = super().create_request(scope, body_file)
        if request is not None:
            request.urlconf = "fa_site.streams"
        return request, problem


_streams = Streams()
_desk = Desk()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await _streams(scope, receive, send)  # type: ignore[arg-type]


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await sync_to_async(ready, thread_sensitive=False)()
            _desk.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await sync_to_async(_desk.stop, thread_sensitive=False)()
            await send({"type": "lifespan.shutdown.complete"})
            return
