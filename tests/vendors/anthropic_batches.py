"""Anthropic's Message Batches: made, processed, ended, canceled, read."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.vendors import anthropic_replies as replies
from tests.vendors import anthropic_requests as requests
from tests.vendors.anthropic_requests import Json, Refusal
from tests.vendors.delivery import answer
from tests.vendors.faults import Fault
from tests.vendors.wire import Connection, Reply, Request
from tests.vendors.world import World

if TYPE_CHECKING:
    from tests.vendors.anthropic_site import Anthropic

MOST_REQUESTS = 100_000
LARGEST = 256 * 1024 * 1024
LIFE = timedelta(hours=24)
BREATH = 20  # entries between two looks at other requests


@dataclass
class Batch:
    id: str
    created: datetime
    entries: list[Json]
    processing: asyncio.Lock = field(default_factory=asyncio.Lock)
    results: dict[str, Json] = field(default_factory=dict)
    ended: datetime | None = None
    canceled: datetime | None = None


class Batches:
    def __init__(self, world: World, site: Anthropic) -> None:
        self._world = world
        self._site = site
        self._batches: dict[str, Batch] = {}
        world.kept.append(self._batches)
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(
        self,
        endpoint: str,
        request: Request,
        body: Any,
        request_id: str,
        connection: Connection,
        fault: Fault | None,
    ) -> None:
        """Raises Refusal."""
        headers = self._site.headers(request_id)
        if endpoint == "batches.create":
            told = self._shown(self._made(body))
            if fault is not None and fault.kind == "unknown_outcome":
                await connection.pause(fault.seconds)
                connection.abort()
                return
        elif endpoint == "batches.list":
            told = await self._listed(request)
        else:
            batch = self._found(request)
            await self._process_if_due(batch)
            if endpoint == "batches.results":
                lines = self._results(batch)
                connection.reply(Reply(200, lines, headers, "application/x-jsonl"))
                return
            told = self._changed(endpoint, batch)
        answer(connection, told, headers, fault)

    def _changed(self, endpoint: str, batch: Batch) -> Json:
        if endpoint == "batches.cancel" and batch.ended is None:
            batch.canceled = batch.canceled or self._world.clock.now()
        if endpoint == "batches.delete":
            if batch.ended is None:
                raise requests.invalid("A batch can be deleted once it has ended; cancel it first.")
            del self._batches[batch.id]
            return {"id": batch.id, "type": "message_batch_deleted"}
        return self._shown(batch)

    def _made(self, body: Any) -> Batch:
        entries = body.get("requests") if isinstance(body, dict) else None
        if not isinstance(entries, list) or not entries:
            raise requests.invalid("requests: at least one request is required")
        if len(entries) > MOST_REQUESTS:
            raise Refusal(413, "invalid_request_error", "A batch holds at most 100,000 requests.")
        names = [entry.get("custom_id") for entry in entries]
        if len(set(names)) < len(names):
            raise requests.invalid("requests: custom_id must be unique within a batch")
        if any(not isinstance(name, str) or not 1 <= len(name) <= 64 for name in names):
            raise requests.invalid("requests: custom_id must have 1 to 64 characters")
        if any((entry.get("params") or {}).get("stream") for entry in entries):
            raise requests.invalid("requests: batch entries can't be streamed")
        batch = Batch(self._world.new_id("msgbatch_01"), self._world.clock.now(), entries)
        self._batches[batch.id] = batch
        asyncio.get_running_loop().call_later(self._world.options.batch_seconds, self._start, batch)
        return batch

    def _start(self, batch: Batch) -> None:
        task = asyncio.get_running_loop().create_task(self._process_if_due(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _process_if_due(self, batch: Batch) -> None:
        """Ends the batch when its time has come, or when it was canceled or has expired."""
        async with batch.processing:
            now = self._world.clock.now()
            due = batch.created + timedelta(seconds=self._world.options.batch_seconds)
            expired = now >= batch.created + LIFE and due > batch.created + LIFE
            if batch.ended is not None or (now < due and batch.canceled is None and not expired):
                return
            for place, entry in enumerate(batch.entries):
                if place % BREATH == 0:
                    await asyncio.sleep(0)
                batch.results[entry["custom_id"]] = self._result(batch, entry, expired)
            batch.ended = self._world.clock.now()

    def _result(self, batch: Batch, entry: Json, expired: bool) -> Json:
        """One entry's end; only what succeeded is billed."""
        params, name = entry.get("params"), entry["custom_id"]
        if batch.canceled is not None:
            return {"type": "canceled"}
        if expired:
            return {"type": "expired"}
        model = str((params or {}).get("model", ""))
        fault = self._world.fault(
            self._site.name, "entry", model, json.dumps(entry, ensure_ascii=False).encode(), False
        )
        if fault is not None and fault.kind == "entry":
            return _ended_badly(fault, self._world.new_id("req_01"))
        try:
            return self._succeeded(params, name, fault)
        except Refusal as refusal:
            told = replies.error(
                refusal.status, refusal.message, self._world.new_id("req_01"), refusal.kind
            )
            return {"type": "errored", "error": told}

    def _succeeded(self, params: Any, name: str, fault: Fault | None) -> Json:
        requests.check(params)
        told = self._site.input(params)
        written = self._site.written(params, fault, batch=True, reference=name)
        whole = self._site.message(params, written, told, fault, batch=True)
        world = self._world
        world.caches[self._site.name].keep(told, world.clock.now())
        world.bill(
            self._site.name,
            params["model"],
            ("", whole["id"]),
            told,
            written.output_tokens,
            batch=True,
            reference=name,
        )
        return {"type": "succeeded", "message": whole}

    def _results(self, batch: Batch) -> bytes:
        if batch.ended is None:
            raise requests.invalid("The batch has no results before it has ended.")
        lines = [
            json.dumps({"custom_id": name, "result": result})
            for name, result in batch.results.items()
        ]
        return ("\n".join(ordered(lines, self._world.options.results)) + "\n").encode()

    async def _listed(self, request: Request) -> Json:
        """Newest first; ``after_id`` goes on with older ones, ``before_id`` with newer."""
        found = list(self._batches.values())[::-1]
        for batch in found:
            await self._process_if_due(batch)
        names = [batch.id for batch in found]
        most = int(request.query.get("limit", ["20"])[0])
        after, before = request.query.get("after_id"), request.query.get("before_id")
        if after:
            found = found[names.index(after[0]) + 1 :] if after[0] in names else []
        if before:
            found = found[: names.index(before[0])] if before[0] in names else []
            more, found = len(found) > most, found[-most:]
        else:
            more, found = len(found) > most, found[:most]
        return {
            "data": [self._shown(batch) for batch in found],
            "has_more": more,
            "first_id": found[0].id if found else None,
            "last_id": found[-1].id if found else None,
        }

    def _found(self, request: Request) -> Batch:
        name = request.path.split("/")[4]
        if name not in self._batches:
            raise Refusal(404, "not_found_error", f"No batch has the id {name}.")
        return self._batches[name]

    def _shown(self, batch: Batch) -> Json:
        kinds = [result["type"] for result in batch.results.values()] if batch.ended else []
        counts = {
            kind: kinds.count(kind) for kind in ("succeeded", "errored", "canceled", "expired")
        }
        waiting = "canceling" if batch.canceled else "in_progress"
        results = f"{self._world.url}/a/v1/messages/batches/{batch.id}/results"
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if batch.ended else waiting,
            "request_counts": {"processing": len(batch.entries) - len(kinds), **counts},
            "created_at": _moment(batch.created),
            "expires_at": _moment(batch.created + LIFE),
            "ended_at": _moment(batch.ended),
            "archived_at": None,
            "cancel_initiated_at": _moment(batch.canceled),
            "results_url": results if batch.ended else None,
        }


def ordered(lines: list[str], how: str) -> list[str]:
    """A batch's results in the order the options name; shuffled always the same way."""
    if how == "shuffled":
        return random.Random(len(lines)).sample(lines, len(lines))
    return lines[::-1] if how == "reversed" else lines


def _ended_badly(fault: Fault, request_id: str) -> Json:
    if fault.result != "errored":
        return {"type": fault.result}
    status = fault.status or 500
    message = fault.message or "Internal server error"
    return {"type": "errored", "error": replies.error(status, message, request_id)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
