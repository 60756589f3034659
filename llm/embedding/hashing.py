"""Feature hashing: vectors that are the same everywhere and need no weights. For tests.

Signed hashing of words and pairs of words (Weinberger et al., 2009), sublinear in their counts.
It knows which words two texts share, not what they mean.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from llm.embedding.model import Model, checked, unit

TOKEN = re.compile(r"\w+|[^\w\s]")
PAIR_WEIGHT = 0.5


class HashingEmbedder:
    def __init__(self, dimensions: int = 384) -> None:
        self.model = Model(f"hashing-{dimensions}", "hashing", dimensions, max_tokens=1_000_000)

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.model.dimensions))
        for row, text in zip(vectors, checked(texts), strict=True):
            self._fill(row, text)
        return unit(vectors)

    def query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.documents([text])[0]
        return vector

    def _fill(self, row: NDArray[np.float64], text: str) -> None:
        words = TOKEN.findall(text.lower())
        self._add(row, Counter(words), 1.0)
        self._add(row, Counter(map(" ".join, pairwise(words))), PAIR_WEIGHT)
        if not row.any():  # opposite signs at one place: the text keeps a direction all the same
            row[0] = 1.0

    def _add(self, row: NDArray[np.float64], counts: Counter[str], weight: float) -> None:
        for feature, count in counts.items():
            digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
            place = (digest >> 1) % self.model.dimensions
            row[place] += weight * (1 + np.log(count)) * (1 if digest & 1 else -1)
