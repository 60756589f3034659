"""Anthropic's endpoints."""

from __future__ import annotations

import json
from typing import Any

from tests.vendors import anthropic_replies as replies
from tests.vendors import anthropic_requests as requests
from tests.vendors.anthropic_batches import Batches
from tests.vendors.anthropic_requests import Json, Refusal
from tests.vendors.caching import Input
from tests.vendors.delivery import Delivery, answer
from tests.vendors.faults import Fault
from tests.vendors.generation import Written, write
from tests.vendors.tokens import scaled
from tests.vendors.wire import Connection, Reply, Request
from tests.vendors.world import World

LOOKBACK = 20
PER_MINUTE = 4000
TOKENS_PER_MINUTE = 4_000_000


class Anthropic:
    """What a request to ``/a`` is answered."""

    name = "anthropic"

    def __init__(self, world: World) -> None:
        self._world = world
        self.batches = Batches(world, self)

    def endpoint(self, request: Request) -> str:
        """The endpoint's name for logs and faults; empty where there is none."""
        method, path = request.method, request.path.rstrip("/")
        fixed = {
            ("POST", "/v1/messages"): "messages",
            ("POST", "/v1/messages/count_tokens"): "count_tokens",
            ("POST", "/v1/messages/batches"): "batches.create",
            ("GET", "/v1/messages/batches"): "batches.list",
            ("GET", "/v1/models"): "models",
        }
        if (method, path) in fixed:
            return fixed[method, path]
        if not path.startswith("/v1/messages/batches/"):
            return ""
        match method, path.split("/")[5:]:
            case "GET", []:
                return "batches.get"
            case "DELETE", []:
                return "batches.delete"
            case "POST", ["cancel"]:
                return "batches.cancel"
            case "GET", ["results"]:
                return "batches.results"
        return ""

    def request_id(self) -> str:
        return self._world.new_id("req_01")

    def headers(self, request_id: str) -> dict[str, str]:
        left = max(0, PER_MINUTE - self._world.requests % PER_MINUTE)
        reset = self._world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "request-id": request_id,
            "anthropic-ratelimit-requests-limit": str(PER_MINUTE),
            "anthropic-ratelimit-requests-remaining": str(left),
            "anthropic-ratelimit-requests-reset": reset,
            "anthropic-ratelimit-tokens-limit": str(TOKENS_PER_MINUTE),
            "anthropic-ratelimit-tokens-remaining": str(TOKENS_PER_MINUTE),
            "anthropic-ratelimit-tokens-reset": reset,
        }

    def error(self, status: int, message: str, request_id: str, kind: str | None = None) -> Json:
        return replies.error(status, message, request_id, kind)

    def quota(self) -> tuple[int, str, str | None]:
        return 402, "Your credit balance is too low to access the API.", None

    def refused(self, request: Request) -> Refusal | None:
        """What the headers alone are rejected for."""
        if not (request.headers.get("authorization") or request.headers.get("x-api-key")):
            return Refusal(401, "authentication_error", "x-api-key header is required")
        if "anthropic-version" not in request.headers:
            return requests.invalid("anthropic-version: header is required")
        if len(request.body) > requests.LARGEST and "/batches" not in request.path:
            return Refusal(413, "invalid_request_error", "Request exceeds the maximum size")
        return None

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
        if endpoint == "messages":
            await self._messages(body, request_id, connection, fault)
            return
        if endpoint == "count_tokens":
            requests.check(body, counting=True)
            told: Any = {"input_tokens": self.input(body).total}
        elif endpoint == "models":
            told = _models()
        else:
            await self.batches.answer(endpoint, request, body, request_id, connection, fault)
            return
        answer(connection, told, self.headers(request_id), fault)

    def input(self, body: Json) -> Input:
        """The prompt's tokens by class, as the cache is now. Raises Refusal where too long."""
        parts = requests.parts(body, self._world.count)
        model = body["model"]
        if scaled(sum(part.pieces for part in parts), model) > requests.MOST_TOKENS:
            raise requests.invalid(f"prompt is too long: maximum {requests.MOST_TOKENS} tokens")
        return self._world.caches[self.name].marked(
            model,
            parts,
            self._world.clock.now(),
            minimum=self._world.cache_minimum(model),
            lookback=LOOKBACK,
        )

    def written(
        self, body: Json, fault: Fault | None, *, batch: bool = False, reference: str = ""
    ) -> Written:
        options = self._world.options
        wanted = requests.wanted(body, thinking=options.thinking, batch=batch, reference=reference)
        return write(wanted, options.author, self._world.count, fault)

    def message(
        self, body: Json, written: Written, told: Input, fault: Fault | None, *, batch: bool = False
    ) -> Json:
        lie = fault.usage if fault is not None and fault.kind == "usage" else None
        world = self._world
        return replies.message(
            body,
            replies.content(body, written, world.new_id("toolu_01")),
            written,
            replies.usage(told, written, lie, batch=batch),
            world.new_id("msg_01"),
        )

    async def _messages(
        self, body: Any, request_id: str, connection: Connection, fault: Fault | None
    ) -> None:
        requests.check(body)
        world = self._world
        told = self.input(body)
        written = self.written(body, fault)
        whole = self.message(body, written, told, fault)
        delivery = Delivery(
            connection,
            world.pace.slower(fault),
            fault,
            began=lambda: world.caches[self.name].keep(told, world.clock.now()),
            bill=lambda status, output: world.bill(
                self.name,
                body["model"],
                (request_id, whole["id"]),
                told,
                output,
                status=status,
                reference=str((body.get("metadata") or {}).get("user_id") or ""),
            ),
        )
        if body.get("stream"):
            broken = replies.error(529, "Overloaded", request_id)
            await delivery.stream(
                self.headers(request_id),
                replies.events(whole, written, world.count, world.options.words),
                b"event: error\ndata: %b\n\n" % json.dumps(broken).encode(),
            )
        else:
            reply = Reply(200, json.dumps(whole).encode(), self.headers(request_id))
            await delivery.whole(reply, written.output_tokens)


def _models() -> Json:
    data = [
        {
            "type": "model",
            "id": model,
            "display_name": model.replace("claude-", "Claude ").replace("-", " ").title(),
            "created_at": "2026-09-01T00:00:00Z",
            "lifecycle": "active",
        }
        for model in requests.MODELS
    ]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]}
    return {"data": data, "has_more": False, **ends}
