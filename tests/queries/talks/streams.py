"""A real process that streams and answers, and a reader of what it streams."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from django.conf import settings

from fa_site.processes import PARENT
from tests.batch.site import PROJECT, until


@dataclass
class Streams:
    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """As an out-of-memory killer does it: no time to say anything."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask_to_stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def streams(log: Path, **environment: str) -> Iterator[Streams]:
    """On this process's test database and Valkey. Ends with the block, or with us."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.queries.talks.serving", str(port)],
            cwd=PROJECT,
            env={**os.environ, **_services(), **environment, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    made = Streams(f"http://127.0.0.1:{port}", process)
    try:
        until(lambda: _answers(port) or process.poll() is not None, 60, "the streams are up")
        assert process.poll() is None, log.read_text()
        yield made
    finally:
        made.kill()


def _services() -> dict[str, str]:
    held = settings.DATABASES["default"]
    login = f"{quote(held['USER'], '')}:{quote(held['PASSWORD'], '')}"
    return {
        "FA_ENV": "test",
        "DATABASE_URL": f"postgresql://{login}@{held['HOST']}:{held['PORT']}/{held['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
    }


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Heard:
    """What a stream told, in order: (id, name, data)."""

    events: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for _, name, _ in self.events]


@contextmanager
def listening(
    streams: Streams, query: Any, token: str, *, after: str = ""
) -> Iterator[Iterator[tuple[str, str, str]]]:
    headers = {"authorization": f"Token {token}"} | ({"last-event-id": after} if after else {})
    with (
        httpx2.Client(timeout=httpx2.Timeout(60, connect=10)) as client,
        client.stream("GET", f"{streams.url}/stream/queries/{query}/", headers=headers) as reply,
    ):
        assert reply.status_code == 200, reply.read()
        assert reply.headers["content-type"] == "text/event-stream"
        yield _events(reply.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    found: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            found[name] = value
        elif "event" in found:
            yield found["id"], found["event"], found["data"]
            found = {}


def heard(streams: Streams, query: Any, token: str, *, after: str = "") -> Heard:
    """All of it, to its end."""
    with listening(streams, query, token, after=after) as events:
        return Heard(list(events))
