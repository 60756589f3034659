"""A small HTTP/1.1 server on asyncio: one thread, kept connections, hundreds of them at once.

Written by hand because a hundred simultaneous calls share two cores with the program under test:
the standard library's server takes a thread each, and a framework's milliseconds would be measured
with ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

REASONS = {200: b"OK", 404: b"Not Found", 429: b"Too Many Requests", 500: b"Internal Server Error"}
LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


Answering = Callable[[Request, "Connection"], Coroutine[None, None, None]]


class Connection(asyncio.Protocol):
    """One client's connection. ``answer`` says everything itself, by ``reply`` or ``start``."""

    def __init__(
        self, answer: Answering, failed: Callable[[BaseException], None], open_: set[Connection]
    ) -> None:
        self._answer = answer
        self._failed = failed
        self._open = open_
        self._received = bytearray()
        self._busy: asyncio.Task[None] | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._open.discard(self)
        self.gone = True
        self._wake()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._busy is None:
            self._next()

    async def pause(self, seconds: float) -> None:
        """Waits, but no longer than the client does: see ``gone`` afterwards."""
        if self.gone or seconds <= 0:
            return
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._waiting
        finally:
            timer.cancel()
            self._waiting = None

    def reply(self, reply: Reply) -> None:
        head = _head(reply.status, reply.content_type, reply.headers)
        self._write(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(reply.body), reply.body))

    def reply_partly(self, reply: Reply, length: int) -> None:
        """A reply that promises all of itself and stops after ``length`` bytes."""
        head = _head(reply.status, reply.content_type, reply.headers)
        self._write(b"%bContent-Length: %d\r\n\r\n" % (head, len(reply.body)) + reply.body[:length])

    def start(self, headers: dict[str, str]) -> None:
        """The head of a stream of server-sent events; ``send`` and ``finish`` follow."""
        head = _head(200, "text/event-stream; charset=utf-8", headers)
        self._write(head + b"Transfer-Encoding: chunked\r\n\r\n")

    def send(self, events: Iterable[bytes]) -> None:
        chunk = b"".join(events)
        if chunk:
            self._write(b"%x\r\n%b\r\n" % (len(chunk), chunk))

    def finish(self) -> None:
        self._write(b"0\r\n\r\n")

    def close(self) -> None:
        """Says what was written and hangs up: an unfinished reply is cut there."""
        self._transport.close()

    def abort(self) -> None:
        """Hangs up at once, as a machine that fell over."""
        self._transport.abort()

    def _write(self, data: bytes) -> None:
        if not self.gone:
            self._transport.write(data)

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _next(self) -> None:
        try:
            request = _taken(self._received)
        except ValueError as error:
            self.reply(Reply(400, str(error).encode(), content_type="text/plain"))
            self.close()
            return
        if request is not None:
            self._busy = asyncio.get_running_loop().create_task(self._answer(request, self))
            self._busy.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._failed(error)
            self.abort()
        elif not self.gone and self._received:
            self._next()


def _head(status: int, content_type: str, headers: dict[str, str]) -> bytes:
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    reason = REASONS.get(status, b"Status")
    return b"HTTP/1.1 %d %b\r\nContent-Type: %b\r\n%b" % (
        status,
        reason,
        content_type.encode(),
        lines.encode("latin-1"),
    )


def _taken(received: bytearray) -> Request | None:
    """The first whole request, taken out of what came in. Raises ValueError for what is none."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        if len(received) > LONGEST_HEAD:
            raise ValueError("The request's head is too long.")
        return None
    first, *lines = received[:end].decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if "chunked" in headers.get("transfer-encoding", ""):
        raise ValueError("Send a Content-Length: this server reads no chunked requests.")
    length = int(headers.get("content-length") or 0)
    if len(received) < end + 4 + length:
        return None
    body = bytes(received[end + 4 : end + 4 + length])
    del received[: end + 4 + length]
    try:
        method, target, _ = first.split(" ")
    except ValueError:
        raise ValueError("The request line is malformed.") from None
    path, _, query = target.partition("?")
    return Request(method, path, parse_qs(query) if query else {}, headers, body)
