"""The answer of POST /v1/embeddings, read without trust in its count, order or sizes."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llm.embedding.errors import EmbeddingMalformed
from llm.embedding.model import Counted, Model


def read_answer(body: bytes, count: int, model: Model) -> Counted:
    """``count`` vectors in the order of the texts, as long as the server made them.

    Raises EmbeddingMalformed. Where the answer says no tokens, none are counted.
    """
    try:
        answer = json.loads(body)
        items = answer["data"]
        places = [item["index"] for item in items]
        raw = [item["embedding"] for item in items]
    except (ValueError, TypeError, KeyError) as error:
        raise EmbeddingMalformed(
            f"The answer for {model.name} is no list of embeddings ({len(body)} bytes)."
        ) from error
    if sorted(map(_whole, places)) != list(range(count)):
        raise EmbeddingMalformed(
            f"{model.name} was asked for {count} vectors and answered {len(places)}, or numbered "
            "them otherwise."
        )
    vectors = np.empty((count, model.dimensions), dtype=np.float32)
    for place, value in zip(places, raw, strict=True):
        vectors[place] = _vector(value, model)
    if not np.isfinite(vectors).all():
        raise EmbeddingMalformed(f"{model.name} answered vectors that are not numbers throughout.")
    return Counted(vectors, _tokens(answer))


def _whole(place: Any) -> int:
    return place if isinstance(place, int) else -1


def _vector(value: Any, model: Model) -> NDArray[np.float32]:
    try:
        vector = (
            np.frombuffer(base64.b64decode(value, validate=True), dtype="<f4")
            if isinstance(value, str)
            else np.array(value, dtype=np.float32)  # some servers know no base64
        )
    except (binascii.Error, ValueError, TypeError) as error:
        raise EmbeddingMalformed(f"{model.name} answered something that is no vector.") from error
    if vector.shape != (model.dimensions,):
        raise EmbeddingMalformed(
            f"{model.name} answered vectors of {vector.size}, where {model.dimensions} are "
            "expected. For a server of your own set FA_EMBED_DIMENSIONS.",
            permanent=True,
        )
    return vector


def _tokens(answer: dict[str, Any]) -> int:
    usage = answer.get("usage")
    tokens = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    return tokens if isinstance(tokens, int) and tokens > 0 else 0
