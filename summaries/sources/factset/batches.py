"""FactSet's batches: accepted with 202, polled, fetched. A ticket outlives the worker."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from summaries.sources.errors import Malformed, SourceError, Unavailable
from summaries.sources.factset.door import Door
from summaries.sources.factset.replies import SOURCE, Rejected, body_of, said_of
from summaries.sources.factset.requests import BatchTicket, Request
from summaries.sources.web import Reply

LONGEST_POLL = 15.0  # seconds between two looks


class BatchPending(Unavailable):
    """Not ready when our patience ended: hand ``ticket`` back later, it is paid for."""

    def __init__(self, message: str, ticket: BatchTicket) -> None:
        super().__init__(message, source=SOURCE, retry_after=60.0)
        self.ticket = ticket


class BatchFailed(Unavailable):
    """FactSet gave the batch up: the same may work as a new one."""


@dataclass(frozen=True)
class Batches:
    """``poll_seconds``: before the first look, later ones come slower; ``deadline``: seconds
    that a batch may take (FactSet says 20 minutes)."""

    door: Door
    poll_seconds: float = 2.0
    deadline: float = 1500.0

    def start(self, what: Request) -> BatchTicket | Reply:
        """A ticket, or the data itself where FactSet doesn't make anyone wait."""
        reply = self.door.post(what.endpoint.path, what.body)
        return BatchTicket(_batch_id(reply), what) if reply.status == 202 else reply

    def finish(self, ticket: BatchTicket) -> Reply:
        """The result. Raises BatchPending, BatchFailed, Rejected, Missing where it has expired."""
        until, pause = time.monotonic() + self.deadline, self.poll_seconds
        folder, query = ticket.what.endpoint.folder, {"id": ticket.id}
        while True:
            if self._is_done(self.door.get(f"{folder}/batch-status", query)):
                reply = self.door.get(f"{folder}/batch-result", query)
                if reply.status == 200:
                    return reply
                self._is_done(reply)
            if time.monotonic() + pause > until:
                raise BatchPending(f"FactSet's batch {ticket.id} isn't ready yet", ticket)
            time.sleep(pause * random.uniform(1, 1.25))  # noqa: S311 - spreads workers out
            pause = min(pause * 1.5, max(LONGEST_POLL, self.poll_seconds))

    def _is_done(self, reply: Reply) -> bool:
        batch = _batch(reply)
        status = str(batch.get("status") or "").casefold()
        if status == "failed":
            raise _failure(batch.get("error"), self.door.access.clean)
        return reply.status == 201 or status in {"created", "done"}


def _batch_id(reply: Reply) -> str:
    name = _batch(reply).get("id")
    if not isinstance(name, str) or not name.strip():
        raise Malformed("FactSet accepted a batch without data.id", source=SOURCE)
    return name


def _batch(reply: Reply) -> dict[str, Any]:
    batch = body_of(reply).get("data")
    if not isinstance(batch, dict):
        raise Malformed("FactSet's word on a batch lacks data", source=SOURCE)
    return batch


def _failure(error: Any, clean: Callable[[str], str]) -> SourceError:
    error = {"title": error} if isinstance(error, str) else error
    said = said_of({"errors": [error]}).cleaned(clean)
    message = f"FactSet's batch failed: {said.text or said.code or 'no reason given'}"
    if said.code.casefold() in {"badrequest", "400"}:
        return Rejected(message, said)
    return BatchFailed(message, source=SOURCE)
