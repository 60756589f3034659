"""Servers on loopback that play outside systems, with everything that can go wrong on the way."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came in; ``at``: seconds on the monotonic clock."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]  # names in lower case
    body: bytes
    at: float


@dataclass(frozen=True)
class Answer:
    """``cut``: bytes after which the connection is closed; ``pause``: seconds before each
    hundred bytes; ``hang``: seconds before anything is said."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    zipped: bool = False
    cut: int | None = None
    pause: float = 0.0
    hang: float = 0.0


@dataclass
class Loopback:
    """``answer`` decides; ``asked`` keeps all requests in order."""

    answer: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(answer: Callable[[Asked], Answer]) -> Iterator[Loopback]:
    """A server on a free port for as long as the block lasts."""
    loopback = Loopback(answer)
    stopping = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(loopback, stopping))
    server.daemon_threads = True
    loopback.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(loopback: Loopback, stopping: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _all(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            asked = Asked(
                method=self.command,
                path=url.path,
                query=parse_qs(url.query, keep_blank_values=True),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
                at=time.monotonic(),
            )
            loopback.asked.append(asked)
            self._say(loopback.answer(asked))

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _all  # noqa: N815 - its own names

        def _say(self, answer: Answer) -> None:
            stopping.wait(answer.hang)
            body = gzip.compress(answer.body, 1) if answer.zipped else answer.body
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            if answer.zipped:
                self.send_header("Content-Encoding", "gzip")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if answer.cut is not None:
                body = body[: answer.cut]
                self.close_connection = True
            try:
                self._send(body, answer.pause)
            except OSError:  # the other side gave up, as it may
                self.close_connection = True

        def _send(self, body: bytes, pause: float) -> None:
            if not pause:
                self.wfile.write(body)
                return
            for place in range(0, len(body), 100):
                if stopping.wait(pause):
                    return
                self.wfile.write(body[place : place + 100])
                self.wfile.flush()

        def log_message(self, *args: object) -> None:
            return

    return Handler
