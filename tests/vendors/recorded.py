"""The recorded calls of both official SDKs, and their replay."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anthropic
import openai
import pytest

PROJECT = Path(__file__).parent.parent.parent
DATA = Path(os.environ.get("FA_SHARED_DATA") or PROJECT.parent / "shared" / "data")
CAPTURES = DATA / "llm" / "captures"


@dataclass(frozen=True)
class Capture:
    """A scenario: the requests an SDK sent, and what it made of the replies."""

    name: str
    requests: tuple[dict[str, Any], ...]
    result: str

    @property
    def raised(self) -> str | None:
        """The exception's class, "anthropic.RateLimitError", where one was raised."""
        first, _, rest = self.result.partition(" ")
        return rest.partition(":")[0] if first == "RAISED" else None


def captures() -> list[Capture]:
    """Empty where the shared data are absent."""
    return [_read(path) for path in sorted(CAPTURES.glob("*.json"))]


def parameters() -> list[Any]:
    """A scenario a test; one skipped test that says why where there are none."""
    found = captures()
    if not found:
        why = f"No recorded calls in {CAPTURES}; FA_SHARED_DATA names the folder."
        return [pytest.param(None, marks=pytest.mark.skip(reason=why))]
    return [pytest.param(capture, id=capture.name) for capture in found]


def _read(path: Path) -> Capture:
    told = json.loads(path.read_text())
    return Capture(told["scenario"], tuple(told["requests"]), told["sdk_result"])


def replay_anthropic(client: anthropic.Anthropic, request: dict[str, Any], batch: str) -> Any:
    """The recorded request, made again by the SDK. ``batch``: an id that exists."""
    messages = client.messages
    body = request["body"]
    url = urlsplit(request["path"].removeprefix("/a").replace("msgbatch_01Fake", batch))
    match request["method"], url.path.removeprefix("/v1/").split("/"):
        case "POST", ["messages"]:
            made = messages.create(**_with_extras(body))
            return list(made) if body.get("stream") else made
        case "POST", ["messages", "count_tokens"]:
            return messages.count_tokens(**body)
        case "POST", ["messages", "batches"]:
            return messages.batches.create(**body)
        case "GET", ["messages", "batches"]:
            return list(messages.batches.list(limit=int(parse_qs(url.query)["limit"][0])))
        case "GET", ["messages", "batches", name]:
            return messages.batches.retrieve(name)
        case "GET", ["messages", "batches", name, "results"]:
            return list(messages.batches.results(name))
        case "POST", ["messages", "batches", name, "cancel"]:
            return messages.batches.cancel(name)
        case "DELETE", ["messages", "batches", name]:
            return messages.batches.delete(name)
        case "GET", ["models"]:
            return list(client.models.list())
    raise LookupError(request["path"])


def _with_extras(body: dict[str, Any]) -> dict[str, Any]:
    """What the SDK no longer has a parameter for goes as an extra."""
    gone = {name: body[name] for name in ("temperature",) if name in body}
    kept = {name: value for name, value in body.items() if name not in gone}
    return {**kept, "extra_body": gone} if gone else kept


def replay_openai(client: openai.OpenAI, request: dict[str, Any], ids: dict[str, str]) -> Any:
    """``ids``: recorded ids to those that exist."""
    body, path = request["body"], request["path"].removeprefix("/o/v1/")
    for recorded, known in ids.items():
        path = path.replace(recorded, known)
        if isinstance(body, dict):
            body = json.loads(json.dumps(body).replace(recorded, known))
    match request["method"], path.split("/"):
        case "POST", ["responses"]:
            made = client.responses.create(**body)
            return list(made) if body.get("stream") else made
        case "POST", ["responses", "input_tokens"]:
            return client.responses.input_tokens.count(**body)
        case "POST", ["chat", "completions"]:
            made = client.chat.completions.create(**body)
            return list(made) if body.get("stream") else made
        case "POST", ["embeddings"]:
            # base64 is what the SDK sends by itself, and then decodes
            asked = (
                {**body, "encoding_format": None} if body["encoding_format"] == "base64" else body
            )
            return client.embeddings.create(
                **{name: v for name, v in asked.items() if v is not None}
            )
        case "POST", ["files"]:
            line = request["body"].split("\r\n\r\n")[2].split("\r\n")[0]
            return client.files.create(file=("b.jsonl", line.encode()), purpose="batch")
        case "GET", ["files", name, "content"]:
            return client.files.content(name)
        case "POST", ["batches"]:
            return client.batches.create(**body)
        case "GET", ["batches", name]:
            return client.batches.retrieve(name)
    raise LookupError(request["path"])
