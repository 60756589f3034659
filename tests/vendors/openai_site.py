"""OpenAI's endpoints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.vendors import openai_chat as chat
from tests.vendors import openai_embeddings as embeddings
from tests.vendors import openai_requests as requests
from tests.vendors import openai_responses as responses
from tests.vendors.anthropic_requests import Refusal
from tests.vendors.caching import Input
from tests.vendors.delivery import Delivery, Event, answer
from tests.vendors.faults import Fault
from tests.vendors.generation import Written, write
from tests.vendors.openai_batches import Batches
from tests.vendors.openai_requests import Json
from tests.vendors.wire import Connection, Reply, Request
from tests.vendors.world import World

LARGEST = 50 * 1024 * 1024
PER_MINUTE = 10_000
TOKENS_PER_MINUTE = 10_000_000
KINDS = {429: "rate_limit_error", 403: "permission_error"}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
QUOTA = "You exceeded your current quota, please check your plan and billing details."


@dataclass(frozen=True)
class Made:
    """A reply as it is before it goes out."""

    whole: Json
    written: Written
    told: Input


class OpenAI:
    """What a request to ``/o`` is answered."""

    name = "openai"

    def __init__(self, world: World) -> None:
        self._world = world
        self.batches = Batches(world, self)

    def endpoint(self, request: Request) -> str:
        """The endpoint's name for logs and faults; empty where there is none."""
        method, path = request.method, request.path.rstrip("/").removeprefix("/v1/").split("/")
        match method, path:
            case "POST", ["responses"]:
                return "responses"
            case "POST", ["responses", "input_tokens"]:
                return "input_tokens"
            case "POST", ["chat", "completions"]:
                return "chat"
            case "POST", ["embeddings"]:
                return "embeddings"
            case "GET", ["models"]:
                return "models"
            case "POST", [("files" | "batches") as kind]:
                return f"{kind}.create"
            case "GET", [("files" | "batches") as kind]:
                return f"{kind}.list"
            case "GET", [("files" | "batches") as kind, _]:
                return f"{kind}.get"
            case "DELETE", ["files", _]:
                return "files.delete"
            case "GET", ["files", _, "content"]:
                return "files.content"
            case "POST", ["batches", _, "cancel"]:
                return "batches.cancel"
        return ""

    def request_id(self) -> str:
        return self._world.new_id("req_")

    def headers(self, request_id: str) -> dict[str, str]:
        left = max(0, PER_MINUTE - self._world.requests % PER_MINUTE)
        return {
            "x-request-id": request_id,
            "openai-processing-ms": str(int(self._world.options.latency * 1000)),
            "x-ratelimit-limit-requests": str(PER_MINUTE),
            "x-ratelimit-remaining-requests": str(left),
            "x-ratelimit-reset-requests": "6ms",
            "x-ratelimit-limit-tokens": str(TOKENS_PER_MINUTE),
            "x-ratelimit-remaining-tokens": str(TOKENS_PER_MINUTE),
            "x-ratelimit-reset-tokens": "0s",
        }

    def error(self, status: int, message: str, request_id: str, kind: str | None = None) -> Json:
        """``kind``: the error's param and code, or a type, which is then the code as well."""
        param, code = None, CODES.get(status)
        usual = "server_error" if status >= 500 else "invalid_request_error"
        shown = KINDS.get(status, usual)
        if kind and kind.startswith("["):
            param, code = json.loads(kind)
        elif kind == "insufficient_quota":
            shown = code = kind
        return {"error": {"message": message, "type": shown, "param": param, "code": code}}

    def quota(self) -> tuple[int, str, str | None]:
        return 429, QUOTA, "insufficient_quota"

    def refused(self, request: Request) -> Refusal | None:
        """What the headers alone are rejected for."""
        if not request.headers.get("authorization", "").removeprefix("Bearer").strip():
            message = "You didn't provide an API key."
            return requests.refused(message, None, "invalid_api_key", 401)
        if len(request.body) > LARGEST and "/files" not in request.path:
            return requests.refused("Request too large.", None, "request_too_large", 413)
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
        if endpoint in ("responses", "chat", "embeddings"):
            await self._generate(endpoint, body, request_id, connection, fault)
            return
        if endpoint == "input_tokens":
            fields = requests.RESPONSES_FIELDS
            requests.check(body, fields, "input")
            told = requests.input_of(body, self._world).total
            whole: Json = {"object": "response.input_tokens", "input_tokens": told}
        elif endpoint == "models":
            whole = _models()
        else:
            await self.batches.answer(endpoint, request, body, request_id, connection, fault)
            return
        answer(connection, whole, self.headers(request_id), fault)

    def made(
        self, endpoint: str, body: Any, fault: Fault | None, *, batch: bool = False, name: str = ""
    ) -> Made:
        """``name``: a batch entry's custom id. Raises Refusal."""
        lie = fault.usage if fault is not None and fault.kind == "usage" else None
        world = self._world
        if endpoint == "embeddings":
            embeddings.check(body)
            told = embeddings.input_of(body, world.count)
            nothing = Written("", "", None, "nothing", 0)
            return Made(embeddings.reply(body, told, lie), nothing, told)
        if endpoint == "responses":
            requests.check(body, requests.RESPONSES_FIELDS, "input")
        else:
            requests.check(body, requests.CHAT_FIELDS, "messages")
        told = requests.input_of(body, world)
        thinking = world.options.thinking
        wanted = requests.wanted(body, thinking=thinking, batch=batch, reference=name)
        written = write(wanted, world.options.author, world.count, fault)
        if endpoint == "responses":
            whole = responses.response(body, written, responses.usage(told, written, lie), world)
        else:
            whole = chat.completion(body, written, chat.usage(told, written, lie), world)
        return Made(whole, written, told)

    async def _generate(
        self, endpoint: str, body: Any, request_id: str, connection: Connection, fault: Fault | None
    ) -> None:
        world = self._world
        made = self.made(endpoint, body, fault)
        delivery = Delivery(
            connection,
            world.pace.slower(fault),
            fault,
            began=lambda: world.caches[self.name].keep(made.told, world.clock.now()),
            bill=lambda status, output: world.bill(
                self.name,
                body["model"],
                (request_id, str(made.whole.get("id", ""))),
                made.told,
                output,
                status=status,
                tier="default",
                reference=str(body.get("safety_identifier") or body.get("user") or ""),
            ),
        )
        if body.get("stream"):
            events, broken = self._events(endpoint, body, made, fault)
            await delivery.stream(self.headers(request_id), events, broken)
        else:
            reply = Reply(200, json.dumps(made.whole).encode(), self.headers(request_id))
            await delivery.whole(reply, made.written.output_tokens)

    def _events(
        self, endpoint: str, body: Json, made: Made, fault: Fault | None
    ) -> tuple[list[Event], bytes]:
        world = self._world
        message = "The server had an error while processing your request."
        words = world.options.words
        if endpoint == "responses":
            events = responses.events(made.whole, made.written, world.count, words)
            place = len(events) // 2 if fault is None or fault.events is None else fault.events
            if fault is not None and fault.kind == "failed":
                return events, responses.failed(made.whole, message, place)
            return events, responses.failure(message, place)
        usage = bool((body.get("stream_options") or {}).get("include_usage"))
        return (
            chat.events(made.whole, made.written, world.count, words, usage),
            chat.failure(message),
        )


def _models() -> Json:
    data = [
        {"id": model, "object": "model", "created": 1790000000, "owned_by": "openai"}
        for model in requests.MODELS
    ]
    return {"object": "list", "data": data}
