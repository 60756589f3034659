"""The loopback servers of both providers, in a thread of the caller's process."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.vendors.anthropic_requests import Refusal
from tests.vendors.anthropic_site import Anthropic
from tests.vendors.control import Control
from tests.vendors.faults import GENERATING, Fault, Script
from tests.vendors.invoice import Invoice
from tests.vendors.openai_site import OpenAI
from tests.vendors.wire import Connection, Reply, Request
from tests.vendors.world import Asked, Clock, Options, World

WRITING = GENERATING | {"embeddings"}  # they have a latency, and a bill when their client left


class ModelSite:
    """Both providers on one port. ``invoice``: what they bill; ``script``: what goes wrong;
    ``asked``: the last requests; ``clock``: the providers' time."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def url(self) -> str:
        return self._world.url

    @property
    def anthropic_url(self) -> str:
        return f"{self.url}/a"

    @property
    def openai_url(self) -> str:
        return f"{self.url}/o/v1"

    @property
    def invoice(self) -> Invoice:
        return self._world.invoice

    @property
    def script(self) -> Script:
        return self._world.script

    @property
    def asked(self) -> list[Asked]:
        return list(self._world.asked)

    @property
    def clock(self) -> Clock:
        return self._world.clock

    @property
    def options(self) -> Options:
        """To look at; ``change`` changes them."""
        return self._world.options

    def is_idle(self) -> bool:
        """Whether the servers have ended every request sent before, its client gone or not."""
        for _ in range(2):  # they have read what others sent before they answer this
            with urllib.request.urlopen(f"{self.url}/control/stats", timeout=30) as reply:  # noqa: S310
                reply.read()
        return self._world.under_way == 0

    @property
    def failures(self) -> list[BaseException]:
        """Mistakes of the server or of its author, which the client saw as status 500."""
        return self._world.failures

    def change(self, **options: Any) -> None:
        """Any of Options, from the next request on."""
        self._world.change(**options)

    def reset(self) -> None:
        """No faults, no bill, no log, no batches, empty caches; options and clock stay."""
        self._world.reset()


class Front:
    """Takes a request to its provider, and lets the faults have their way first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._control = Control(world)
        self._sites: dict[str, Anthropic | OpenAI] = {"/a": Anthropic(world), "/o": OpenAI(world)}
        self.stopped = self._control.stopped

    async def __call__(self, request: Request, connection: Connection) -> None:
        if request.path.startswith("/control/"):
            connection.reply(self._control.answer(request))
            return
        site = self._sites.get(request.path[:2])
        if site is None:
            connection.reply(Reply(404, b'{"error": "Paths begin with /a, /o/v1 or /control."}'))
            return
        self._world.under_way += 1
        try:
            await self._provider(site, request, connection)
        finally:
            self._world.under_way -= 1

    async def _provider(
        self, site: Anthropic | OpenAI, whole: Request, connection: Connection
    ) -> None:
        request = Request(whole.method, whole.path[2:], whole.query, whole.headers, whole.body)
        request_id = site.request_id()
        endpoint = site.endpoint(request)
        body, wrong = _json(request)
        model = str(body.get("model", "")) if isinstance(body, dict) else ""
        self._log(site.name, endpoint, whole, model, request_id)
        stream = isinstance(body, dict) and bool(body.get("stream"))
        fault = self._world.fault(site.name, endpoint, model, request.body, stream)
        try:
            if fault is not None and await self._struck(
                fault, site, endpoint, request_id, connection
            ):
                return
            if refusal := site.refused(request):
                raise refusal
            if not endpoint:
                raise Refusal(404, "not_found_error", "Not Found")
            if wrong:
                raise Refusal(400, "invalid_request_error", wrong)
            await site.answer(endpoint, request, body, request_id, connection, fault)
        except Refusal as refusal:
            told = site.error(refusal.status, refusal.message, request_id, refusal.kind)
            connection.reply(
                Reply(refusal.status, json.dumps(told).encode(), site.headers(request_id))
            )
        except Exception as error:
            self._world.failures.append(error)
            told = site.error(500, f"The loopback server failed: {error!r}", request_id)
            headers = {**site.headers(request_id), "x-should-retry": "false"}
            connection.reply(Reply(500, json.dumps(told).encode(), headers))

    async def _struck(
        self,
        fault: Fault,
        site: Anthropic | OpenAI,
        endpoint: str,
        request_id: str,
        connection: Connection,
    ) -> bool:
        """Whether the fault was all of the answer."""
        if fault.kind == "reset" or (fault.kind == "outage" and fault.status == 0):
            connection.abort()
            return True
        kind = None
        if fault.kind == "quota":
            status, message, kind = site.quota()
        elif fault.kind in ("status", "outage"):
            status = fault.status or 503
            message = fault.message or f"Status {status} by script"
        elif fault.kind in ("slow", "hang") and endpoint not in WRITING:
            await connection.pause(fault.seconds)
            return connection.gone
        else:
            return False
        headers = {**site.headers(request_id), **_retrying(fault.retry_after)}
        told = site.error(status, message, request_id, kind)
        connection.reply(Reply(status, json.dumps(told).encode(), headers))
        return True

    def _log(
        self, provider: str, endpoint: str, request: Request, model: str, request_id: str
    ) -> None:
        self._world.requests += 1
        self._world.asked.append(
            Asked(
                provider,
                endpoint,
                request.method,
                request.path,
                request.headers,
                request.body,
                model,
                request_id,
                time.monotonic(),
            )
        )


@contextmanager
def serving_models(faults: Iterable[Fault] = (), **options: Any) -> Iterator[ModelSite]:
    """Both providers on a free port for as long as the block lasts; ``options``: see Options."""
    world = World(Options(), Script(faults))
    world.change(**options)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="models", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listening(world, 0), loop).result()
    try:
        yield ModelSite(world)
    finally:
        asyncio.run_coroutine_threadsafe(ended(server, world), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def listening(world: World, port: int, front: Front | None = None) -> asyncio.Server:
    """``port``: 0 for a free one. Sets the world's address."""
    answer = front or Front(world)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(answer, world.failures.append, world.connections),
        "127.0.0.1",
        port,
        backlog=1024,
    )
    world.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    return server


async def ended(server: asyncio.Server, world: World) -> None:
    """Stops listening, and hangs up on everybody."""
    server.close()
    for connection in list(world.connections):
        connection.abort()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _json(request: Request) -> tuple[Any, str]:
    """The body's JSON, and what is wrong with it."""
    if not request.body or "multipart" in request.headers.get("content-type", ""):
        return None, ""
    try:
        return json.loads(request.body), ""
    except ValueError:
        return None, "The request body is not valid JSON."


def _retrying(seconds: float | None) -> dict[str, str]:
    if seconds is None:
        return {}
    if seconds == int(seconds):
        return {"retry-after": str(int(seconds))}
    return {"retry-after-ms": f"{seconds * 1000:g}"}
