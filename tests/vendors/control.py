"""Paths under /control: faults, options, the clock and the bill, for servers in other processes."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.vendors.faults import Fault
from tests.vendors.wire import Reply, Request
from tests.vendors.world import World

SETTABLE = frozenset(
    """latency first_token pace tokens thinking words batch_seconds results bill_abandoned
    implicit_writes""".split()
)


class Control:
    """``stopped`` is set when somebody asked the server to stop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.stopped = asyncio.Event()
        self._answers: dict[tuple[str, str], Callable[[Any], Any]] = {
            ("GET", "invoice"): lambda _: {
                "total_usd": str(world.invoice.total()),
                "lines": world.invoice.as_json(),
            },
            ("GET", "faults"): lambda _: [vars(fault) for fault in world.script.faults],
            ("POST", "faults"): self._add,
            ("DELETE", "faults"): lambda _: world.script.clear(),
            ("POST", "options"): self._change,
            ("POST", "clock"): self._clock,
            ("POST", "reset"): lambda _: world.reset(),
            ("POST", "stop"): lambda _: self.stopped.set(),
            ("GET", "stats"): self._stats,
        }

    def answer(self, request: Request) -> Reply:
        path = request.path.removeprefix("/control/")
        exports = {"invoice.csv": "csv", "daily.csv": "daily_csv"}
        if request.method == "GET" and path in exports:
            text: str = getattr(self._world.invoice, exports[path])()
            return Reply(200, text.encode(), content_type="text/csv")
        known = self._answers.get((request.method, path))
        if known is None:
            paths = ", ".join(f"{method} {name}" for method, name in self._answers)
            return _told(404, {"error": f"Under /control there are {paths}."})
        try:
            told = known(json.loads(request.body) if request.body else None)
        except (ValueError, TypeError) as error:
            return _told(400, {"error": str(error)})
        return _told(200, told)

    def _add(self, rows: Any) -> None:
        rows = rows if isinstance(rows, list) else [rows]
        self._world.script.add(*[Fault.from_json(row) for row in rows])

    def _change(self, changes: dict[str, Any]) -> None:
        if outside := sorted(set(changes) - SETTABLE):
            raise ValueError(
                f"{', '.join(outside)}: only {', '.join(sorted(SETTABLE))} change here."
            )
        self._world.change(**changes)

    def _clock(self, told: dict[str, Any]) -> dict[str, str]:
        if "now" in told:
            self._world.clock.set(datetime.fromisoformat(told["now"]))
        self._world.clock.advance(float(told.get("advance", 0)))
        return {"now": self._world.clock.now().isoformat()}

    def _stats(self, _: Any) -> dict[str, Any]:
        """``cpu_seconds``: of the whole process, user and system."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "pid": os.getpid(),
            "requests": self._world.requests,
            "cpu_seconds": used.ru_utime + used.ru_stime,
            "failures": [repr(error) for error in self._world.failures],
        }


def _told(status: int, told: Any) -> Reply:
    return Reply(status, json.dumps(told).encode())
