"""A loopback server that speaks as POST /v1/embeddings does."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.loopback import Answer, Asked

KEY = "sk-test-1234567890abcdef"


def direction(text: str, dimensions: int) -> NDArray[np.float32]:
    """The server's vector of a text: always the same, not of length one."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
    return np.random.default_rng(seed).normal(size=dimensions).astype(np.float32)


def reply(asked: Asked, dimensions: int = 1536, **changes: Any) -> dict[str, Any]:
    """The whole reply, in the encoding asked for, its items in reverse to tempt the reader."""
    body = json.loads(asked.body)
    items = []
    for index, text in enumerate(body["input"]):
        vector = direction(text, dimensions)
        coded = base64.b64encode(vector.astype("<f4").tobytes()).decode()
        items.append(
            {
                "object": "embedding",
                "index": index,
                "embedding": coded if body["encoding_format"] == "base64" else vector.tolist(),
            }
        )
    tokens = sum(len(text.split()) for text in body["input"])
    whole = {
        "object": "list",
        "data": items[::-1],
        "model": body["model"],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }
    return whole | changes


def told(content: Any, status: int = 200, **how: Any) -> Answer:
    return Answer(status=status, body=json.dumps(content).encode(), **how)


def refusal(status: int, code: str | None, message: str, **how: Any) -> Answer:
    kind = {401: "authentication_error", 429: "rate_limit_error"}.get(status, "api_error")
    error = {"message": message, "type": kind, "param": None, "code": code}
    return told({"error": error}, status, **how)


def healthy(dimensions: int = 1536) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.path != "/v1/embeddings":
            return refusal(404, None, f"no {asked.path} here")
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return refusal(401, "invalid_api_key", f"Incorrect API key provided: {KEY[:7]}***.")
        return told(reply(asked, dimensions))

    return answer
