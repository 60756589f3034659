"""Whole answers within their time, and answers ended from outside.

A time-out of the socket starts anew with every byte, so that a server that drips would hold a
worker for hours; and closing a socket doesn't wake a thread that reads it. Here one thread a
process hangs up on what is over time, and anybody may hang up by ``stop``. A connection that
has gone back to the pool is never touched: it may be somebody else's by then.
"""

from __future__ import annotations

import heapq
import itertools
import os
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress

import httpx2

MOST_BYTES = 64 * 1024 * 1024
DOWNLOADS = ("/results", "/content")  # a batch's results: read line by line, as long as they are


def watch(client: httpx2.Client) -> None:
    """Hold every request of the client to its read time-out, from sending to the last byte.

    Making a connection may take its own time-out on top.
    """
    client.event_hooks = {"request": [_start], "response": [_limit]}


def stop(response: httpx2.Response) -> None:
    """Hang up, from any thread; whoever reads the response gets a ReadError."""
    if isinstance(response.stream, _Body):
        response.stream.hang_up(httpx2.ReadError("Stopped."))


def _start(request: httpx2.Request) -> None:
    seconds = request.extensions.get("timeout", {}).get("read")
    if seconds is not None:
        request.extensions["deadline"] = time.monotonic() + seconds


def _limit(response: httpx2.Response) -> None:
    deadline = response.request.extensions.get("deadline")
    if deadline is not None and isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Body(response, response.stream)
        _alarms.set(deadline, response.stream)


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpx2.Response, stream: httpx2.SyncByteStream) -> None:
        self._inner = stream
        self._network = response.extensions.get("network_stream")
        is_download = response.request.url.path.endswith(DOWNLOADS)
        self._most = None if is_download else MOST_BYTES
        self._state = threading.Lock()
        self._is_over = False
        self._why: httpx2.TransportError | None = None

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        try:
            for chunk in self._inner:
                size += len(chunk)
                if self._most is not None and size > self._most:
                    raise httpx2.ReadError("The answer is too long.")
                yield chunk
        except httpx2.TransportError:
            if self._why is None:
                raise
        if self._why is not None:
            raise self._why

    def hang_up(self, why: httpx2.TransportError) -> None:
        with self._state:
            if self._is_over or self._why is not None:
                return
            self._why = why
            connected = self._network.get_extra_info("socket") if self._network else None
            if connected is not None:
                with suppress(OSError):
                    # Not the SSL socket's own shutdown, which is not safe beside a reader.
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def close(self) -> None:
        with self._state:  # after this the connection is the pool's
            self._is_over = True
        self._inner.close()


class _Alarms:
    """Bodies by the moment when their time is over, and the thread that hangs up on them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, weakref.ref[_Body]]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def set(self, moment: float, body: _Body) -> None:
        alarm = (moment, next(self._numbers), weakref.ref(body))
        with self._changed:
            heapq.heappush(self._due, alarm)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._due[0] is alarm:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            for body in self._overdue():
                body.hang_up(httpx2.ReadTimeout("The answer came too slowly."))

    def _overdue(self) -> list[_Body]:
        """Waits for the next moment; what is due then and still there."""
        with self._changed:
            wait = self._due[0][0] - time.monotonic() if self._due else None
            if wait is None or wait > 0:
                self._changed.wait(wait)
            found = []
            while self._due and self._due[0][0] <= time.monotonic():
                body = heapq.heappop(self._due)[2]()
                if body is not None:
                    found.append(body)
            return found


_alarms = _Alarms()


def _after_fork() -> None:
    global _alarms
    _alarms = _Alarms()  # the thread stayed with the parent


os.register_at_fork(after_in_child=_after_fork)
