"""BERT with mean pooling, written down plainly in numpy: what the ONNX graph is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import erf

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = Mapping[str, Array]
LAYERS, HEADS, SIZE = 6, 12, 32


@dataclass
class Listener(Mapping[str, Array]):
    """Weights that keep, for each matrix, how loud each channel of its input has ever been."""

    weights: Weights
    loudest: dict[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        return self.weights[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.weights)

    def __len__(self) -> int:
        return len(self.weights)

    def hear(self, name: str, rows: Array) -> None:
        now = np.abs(rows).max(axis=0)
        self.loudest[name] = np.maximum(self.loudest.get(name, now), now)


def embedding(weights: Weights, ids: list[int]) -> Array:
    """The unit vector of one text's tokens."""
    words = weights["embeddings.word_embeddings.weight"][ids]
    places = weights["embeddings.position_embeddings.weight"][: len(ids)]
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    hidden = norm(weights, "embeddings.LayerNorm", words + places + kind)
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        seen = dense(weights, f"{at}.attention.output.dense", attention(weights, at, hidden))
        hidden = norm(weights, f"{at}.attention.output.LayerNorm", seen + hidden)
        inner = gelu(dense(weights, f"{at}.intermediate.dense", hidden))
        hidden = norm(
            weights, f"{at}.output.LayerNorm", dense(weights, f"{at}.output.dense", inner) + hidden
        )
    pooled = hidden.mean(axis=0)
    told: Array = pooled / np.linalg.norm(pooled)
    return told


def attention(weights: Weights, at: str, hidden: Array) -> Array:
    query, key, value = (
        dense(weights, f"{at}.attention.self.{name}", hidden) for name in ("query", "key", "value")
    )
    heads = []
    for head in range(HEADS):
        part = slice(head * SIZE, (head + 1) * SIZE)
        scores = query[:, part] @ key[:, part].T / np.sqrt(np.float32(SIZE))
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        heads.append(shares / shares.sum(axis=1, keepdims=True) @ value[:, part])
    return np.concatenate(heads, axis=1)


def dense(weights: Weights, name: str, rows: Array) -> Array:
    if isinstance(weights, Listener):
        weights.hear(name, rows)
    told: Array = rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return told


def norm(weights: Weights, name: str, rows: Array) -> Array:
    centred = rows - rows.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12)
    told: Array = scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return told


def gelu(rows: Array) -> Array:
    exact = np.vectorize(erf, otypes=[np.float32])
    told: Array = rows * np.float32(0.5) * (1 + exact(rows / np.sqrt(np.float32(2))))
    return told
