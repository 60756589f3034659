"""OpenAI's files, and the batches that read and write them."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.vendors.anthropic_batches import BREATH, ordered
from tests.vendors.anthropic_requests import Refusal
from tests.vendors.delivery import answer
from tests.vendors.faults import Fault
from tests.vendors.openai_requests import Json, refused
from tests.vendors.wire import Connection, Reply, Request
from tests.vendors.world import World

if TYPE_CHECKING:
    from tests.vendors.openai_site import OpenAI

ENDPOINTS = {
    "/v1/responses": "responses",
    "/v1/chat/completions": "chat",
    "/v1/embeddings": "embeddings",
}
LIFE = 24 * 3600
MOST_REQUESTS = 50_000


@dataclass(frozen=True)
class File:
    id: str
    content: bytes
    filename: str
    purpose: str
    created: int


@dataclass
class Batch:
    id: str
    endpoint: str
    input: File
    created: int
    metadata: Json | None
    entries: list[Json]
    processing: asyncio.Lock = field(default_factory=asyncio.Lock)
    canceled: int | None = None
    ended: int | None = None
    status: str = "validating"
    output: File | None = None
    errors: File | None = None
    tokens: list[Json] = field(default_factory=list)
    completed: int = 0


class Batches:
    def __init__(self, world: World, site: OpenAI) -> None:
        self._world = world
        self._site = site
        self._files: dict[str, File] = {}
        self._batches: dict[str, Batch] = {}
        world.kept += [self._files, self._batches]
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
        if endpoint == "files.content":
            content = self._file(request.path.split("/")[3]).content
            connection.reply(Reply(200, content, headers, "application/octet-stream"))
            return
        told = await self._told(endpoint, request, body)
        if fault is not None and fault.kind == "unknown_outcome":
            await connection.pause(fault.seconds)
            connection.abort()
            return
        answer(connection, told, headers, fault)

    async def _told(self, endpoint: str, request: Request, body: Any) -> Json:
        if endpoint == "files.create":
            return _file(self._uploaded(request))
        if endpoint == "files.list":
            return _listed([_file(each) for each in self._files.values()], request)
        if endpoint == "files.get":
            return _file(self._file(request.path.split("/")[3]))
        if endpoint == "files.delete":
            gone = self._files.pop(self._file(request.path.split("/")[3]).id)
            return {"id": gone.id, "object": "file", "deleted": True}
        if endpoint == "batches.create":
            return _shown(self._made(body))
        if endpoint == "batches.list":
            for batch in list(self._batches.values()):
                await self._process_if_due(batch)
            return _listed([_shown(each) for each in self._batches.values()], request)
        batch = self._found(request.path.split("/")[3])
        if endpoint == "batches.cancel" and batch.ended is None:
            batch.canceled, batch.status = self._now(), "cancelling"
            return _shown(batch)
        await self._process_if_due(batch)
        return _shown(batch)

    def _now(self) -> int:
        return int(self._world.clock.now().timestamp())

    def _uploaded(self, request: Request) -> File:
        fields = _multipart(request)
        if "file" not in fields or "purpose" not in fields:
            raise refused("Missing required parameter: 'file' or 'purpose'.", "file")
        filename, content = fields["file"]
        return self._kept(content, filename, fields["purpose"][1].decode())

    def _kept(self, content: bytes, filename: str, purpose: str) -> File:
        file = File(self._world.new_id("file-"), content, filename, purpose, self._now())
        self._files[file.id] = file
        return file

    def _file(self, name: str) -> File:
        if name not in self._files:
            raise refused(f"No such File object: {name}", "id", None, 404)
        return self._files[name]

    def _found(self, name: str) -> Batch:
        if name not in self._batches:
            raise refused(f"No batch found with id '{name}'.", None, None, 404)
        return self._batches[name]

    def _made(self, body: Any) -> Batch:
        if not isinstance(body, dict) or body.get("endpoint") not in ENDPOINTS:
            raise refused(f"Invalid value for 'endpoint': {', '.join(ENDPOINTS)}.", "endpoint")
        if body.get("completion_window") != "24h":
            raise refused("Invalid value for 'completion_window': '24h'.", "completion_window")
        file = self._file(str(body.get("input_file_id")))
        try:
            entries = [json.loads(line) for line in file.content.splitlines() if line.strip()]
        except ValueError:
            raise refused("The file is not JSON lines.", "input_file_id") from None
        names = {entry.get("custom_id") for entry in entries}
        if not entries or len(entries) > MOST_REQUESTS or len(names) < len(entries):
            raise refused("A batch has 1 to 50,000 lines with a custom_id each.", "input_file_id")
        batch = Batch(
            self._world.new_id("batch_"),
            body["endpoint"],
            file,
            self._now(),
            body.get("metadata"),
            entries,
        )
        self._batches[batch.id] = batch
        seconds = self._world.options.batch_seconds
        asyncio.get_running_loop().call_later(seconds, self._start, batch)
        return batch

    def _start(self, batch: Batch) -> None:
        task = asyncio.get_running_loop().create_task(self._process_if_due(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _process_if_due(self, batch: Batch) -> None:
        """Ends the batch when its time has come, or when it was canceled or has expired."""
        async with batch.processing:
            age = self._world.clock.now().timestamp() - batch.created
            wait = self._world.options.batch_seconds
            expired = age >= LIFE and wait > LIFE
            if batch.ended is not None:
                return
            if age < wait and batch.canceled is None and not expired:
                batch.status = "in_progress"
                return
            good: list[str] = []
            bad: list[str] = []
            for place, entry in enumerate(batch.entries):
                if place % BREATH == 0:
                    await asyncio.sleep(0)
                line, fine = self._line(batch, entry, expired)
                (good if fine else bad).append(json.dumps(line))
            self._end(batch, good, bad, expired)

    def _end(self, batch: Batch, good: list[str], bad: list[str], expired: bool) -> None:
        how = self._world.options.results
        if good:
            content = "\n".join(ordered(good, how)) + "\n"
            batch.output = self._kept(content.encode(), f"{batch.id}_output.jsonl", "batch_output")
        if bad:
            content = "\n".join(ordered(bad, how)) + "\n"
            batch.errors = self._kept(content.encode(), f"{batch.id}_error.jsonl", "batch_output")
        batch.completed = len(good)
        batch.ended = self._now()
        batch.status = "expired" if expired else "cancelled" if batch.canceled else "completed"

    def _line(self, batch: Batch, entry: Json, expired: bool) -> tuple[Json, bool]:
        """One entry's line, and whether it is of the output or of the errors."""
        name, body = str(entry.get("custom_id")), entry.get("body") or {}
        raw = json.dumps(entry, ensure_ascii=False).encode()
        fault = None
        result = "canceled" if batch.canceled else "expired" if expired else None
        if result is None:
            model = str(body.get("model", ""))
            fault = self._world.fault(self._site.name, "entry", model, raw, False)
            if fault is not None and fault.kind == "entry" and fault.result != "errored":
                result = fault.result
        if result is not None:
            code = "batch_expired" if result == "expired" else "batch_cancelled"
            error = {"code": code, "message": f"The request was not executed: batch {result}."}
            return self._entry_line(name, None, error), False
        status, whole = self._executed(batch, body, name, fault)
        response = {"status_code": status, "request_id": self._request, "body": whole}
        return self._entry_line(name, response, None), status == 200

    def _executed(
        self, batch: Batch, body: Json, name: str, fault: Fault | None
    ) -> tuple[int, Json]:
        self._request = self._site.request_id()
        if fault is not None and fault.kind == "entry":
            status = fault.status or 500
            message = fault.message or "The server had an error while processing your request."
            return status, self._site.error(status, message, self._request)
        try:
            made = self._site.made(ENDPOINTS[batch.endpoint], body, fault, batch=True, name=name)
        except Refusal as refusal:
            told = self._site.error(refusal.status, refusal.message, self._request, refusal.kind)
            return refusal.status, told
        world = self._world
        world.caches[self._site.name].keep(made.told, world.clock.now())
        ids = (self._request, str(made.whole.get("id", "")))
        output = made.written.output_tokens
        world.bill(
            self._site.name, body["model"], ids, made.told, output, batch=True, reference=name
        )
        return 200, made.whole

    def _entry_line(self, name: str, response: Json | None, error: Json | None) -> Json:
        number = self._world.new_id("batch_req_")
        return {"id": number, "custom_id": name, "response": response, "error": error}


def _file(file: File) -> Json:
    return {
        "id": file.id,
        "object": "file",
        "bytes": len(file.content),
        "created_at": file.created,
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
    }


def _shown(batch: Batch) -> Json:
    ended = batch.ended is not None
    total = len(batch.entries)
    at = {"completed": "completed_at", "expired": "expired_at", "cancelled": "cancelled_at"}
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": batch.endpoint,
        "errors": None,
        "input_file_id": batch.input.id,
        "completion_window": "24h",
        "status": batch.status,
        "output_file_id": batch.output.id if batch.output else None,
        "error_file_id": batch.errors.id if batch.errors else None,
        "created_at": batch.created,
        "in_progress_at": batch.created if batch.status != "validating" else None,
        "expires_at": batch.created + LIFE,
        "cancelling_at": batch.canceled,
        **{name: batch.ended if batch.status == status else None for status, name in at.items()},
        "request_counts": {
            "total": total,
            "completed": batch.completed,
            "failed": total - batch.completed if ended else 0,
        },
        "metadata": batch.metadata,
    }


def _listed(rows: list[Json], request: Request) -> Json:
    """Newest first; ``after`` goes on with older ones."""
    rows = rows[::-1]
    after = request.query.get("after")
    if after:
        names = [row["id"] for row in rows]
        rows = rows[names.index(after[0]) + 1 :] if after[0] in names else []
    most = int(request.query.get("limit", ["20"])[0])
    shown = rows[:most]
    ends = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {}
    return {"object": "list", "data": shown, "has_more": len(rows) > most, **ends}


def _multipart(request: Request) -> dict[str, tuple[str, bytes]]:
    """Each field's file name and content."""
    found = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
    if found is None:
        raise refused("Files are uploaded as multipart/form-data.")
    fields = {}
    for part in request.body.split(b"--" + found.group(1).encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        names = dict(re.findall(r'(\w+)="([^"]*)"', head.decode()))
        fields[names.get("name", "")] = (names.get("filename", ""), content.removesuffix(b"\r\n"))
    return fields
