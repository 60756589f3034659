"""The servers in a process of their own, which ends when its parent does."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.vendors.faults import Fault
from tests.vendors.invoice import Invoice

PROJECT = Path(__file__).parent.parent.parent
SECONDS_TO_STOP = 10


class ModelProcess:
    """The same site at the other end of /control."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.anthropic_url = f"{url}/a"
        self.openai_url = f"{url}/o/v1"

    @property
    def invoice(self) -> Invoice:
        """As it is now."""
        return Invoice.from_json(self._ask("GET", "invoice")["lines"])

    def add(self, *faults: Fault) -> None:
        self._ask("POST", "faults", [asdict(fault) for fault in faults])

    def clear(self) -> None:
        """No more faults."""
        self._ask("DELETE", "faults")

    def change(self, **options: Any) -> None:
        self._ask("POST", "options", options)

    def set_clock(self, moment: datetime) -> None:
        """``moment``: aware."""
        self._ask("POST", "clock", {"now": moment.isoformat()})

    def advance(self, seconds: float) -> None:
        self._ask("POST", "clock", {"advance": seconds})

    def reset(self) -> None:
        self._ask("POST", "reset")

    def stats(self) -> dict[str, Any]:
        """``requests``, ``cpu_seconds`` of the process, ``failures``."""
        told: dict[str, Any] = self._ask("GET", "stats")
        return told

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            f"{self.url}/control/{path}", data=data, method=method
        )
        with _opener.open(request, timeout=30) as reply:
            return json.loads(reply.read())


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def model_process(
    faults: Iterable[Fault] = (), *, author: str | None = None, **options: Any
) -> Iterator[ModelProcess]:
    """``author``: "module:function"; ``options``: those of Options that are plain values."""
    command = [sys.executable, "-m", "tests.vendors", "--quiet", "--until-stdin-ends"]
    command += ["--options", json.dumps(options)]
    if author is not None:
        command += ["--author", author]
    child = subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        url = child.stdout.readline().strip()
        if not url:
            raise RuntimeError("The model servers did not start; what they said is above.")
        process = ModelProcess(url)
        process.add(*faults)
        yield process
    finally:
        child.stdin.close()  # its sign to stop
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()
