"""OpenAI's embeddings: always the same vector for a text, of length one."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.vendors.anthropic_replies import lied
from tests.vendors.caching import Input
from tests.vendors.openai_requests import Json, check_model, refused
from tests.vendors.tokens import Count

DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
MOST_TEXTS = 2048


def check(body: Any) -> None:
    """Raises Refusal."""
    if not isinstance(body, dict):
        raise refused("We could not parse the JSON body of your request.")
    check_model(body.get("model"))
    if body["model"] not in DIMENSIONS:
        raise refused(f"{body['model']} is no embedding model.", "model")
    texts = texts_of(body)
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise refused("'$.input' is invalid.", "input")
    if len(texts) > MOST_TEXTS:
        raise refused(f"'$.input' holds at most {MOST_TEXTS} texts.", "input")
    if not 1 <= body.get("dimensions", 1) <= DIMENSIONS[body["model"]]:
        raise refused("Invalid value for 'dimensions'.", "dimensions")


def texts_of(body: Json) -> list[Any]:
    given = body.get("input")
    return given if isinstance(given, list) else [given]


def input_of(body: Json, count: Count) -> Input:
    return Input(sum(max(1, count(text)) for text in texts_of(body)))


def reply(body: Json, told: Input, fault: str | None) -> Json:
    """``fault``: how to lie about the usage."""
    dimensions = body.get("dimensions") or DIMENSIONS[body["model"]]
    coded = body.get("encoding_format") == "base64"
    data = []
    for index, text in enumerate(texts_of(body)):
        vector = direction(text, dimensions)
        shown = base64.b64encode(vector.tobytes()).decode() if coded else vector.tolist()
        data.append({"object": "embedding", "index": index, "embedding": shown})
    tokens = lied(told.total, fault)
    whole = {"object": "list", "data": data, "model": body["model"]}
    if fault == "missing":
        return whole
    return {**whole, "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}


def direction(text: str, dimensions: int) -> NDArray[np.float32]:
    """(dimensions,) little-endian float32."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=dimensions)
    return (vector / np.linalg.norm(vector)).astype("<f4")
