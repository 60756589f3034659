"""Texts to vectors: the cache first, then the embedder, then the cache for the next time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import redis
import structlog
from numpy.typing import NDArray

from llm.embedding.cache import Cache
from llm.embedding.freshness import text_hash
from llm.embedding.model import Counted, Embedder, Metered, checked, unit

log = structlog.get_logger(__name__)

# Texts between two writes to the cache: what a killed worker embeds and pays for again.
BATCH = 256

_away = threading.Event()  # set once the log has been told, until Valkey is back


@dataclass(frozen=True)
class Embedded:
    """``vectors``: (n, dimensions) in the order of the texts, rows of length one.

    Hits and misses count distinct texts. ``tokens`` are those billed for the misses; None where
    the embedder bills nothing.
    """

    vectors: NDArray[np.float32]
    hits: int
    misses: int
    tokens: int | None


def embed(texts: Sequence[str], *, embedder: Embedder, cache: Cache | None) -> Embedded:
    """Raises EmbeddingError; batches that were done by then are in the cache.

    Vectors have float16 precision, so that a hit and a miss give the same.
    """
    hashes = [text_hash(text) for text in checked(texts)]
    distinct = dict(zip(hashes, texts, strict=True))
    reuse = _Reuse(embedder, cache)
    vectors = reuse.known(list(distinct))
    missing = [each for each in distinct if each not in vectors]
    tokens = 0
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        made = _call(embedder, [distinct[each] for each in batch])
        tokens += made.tokens
        vectors |= (fresh := dict(zip(batch, _as_kept(made.vectors), strict=True)))
        reuse.keep(fresh)
    rows = np.empty((len(hashes), embedder.model.dimensions), dtype=np.float32)
    for row, each in zip(rows, hashes, strict=True):
        row[:] = vectors[each]
    billed = tokens if isinstance(embedder, Metered) else None
    return Embedded(rows, len(distinct) - len(missing), len(missing), billed)


def _call(embedder: Embedder, texts: list[str]) -> Counted:
    if isinstance(embedder, Metered):
        return embedder.counted(texts)
    return Counted(embedder.documents(texts), 0)


def _as_kept(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return unit(vectors.astype(np.float16))


class _Reuse:
    """The cache for one call; given up for the rest of it when Valkey is away."""

    def __init__(self, embedder: Embedder, cache: Cache | None) -> None:
        self._model = embedder.model
        self._cache = cache

    def known(self, hashes: list[str]) -> dict[str, NDArray[np.float32]]:
        if self._cache is None:
            return {}
        try:
            found = self._cache.get_many(self._model, hashes)
        except redis.RedisError as error:
            self._give_up(error)
            return {}
        _away.clear()
        return found

    def keep(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        if self._cache is None:
            return
        try:
            self._cache.put_many(self._model, vectors)
        except redis.RedisError as error:
            self._give_up(error)

    def _give_up(self, error: redis.RedisError) -> None:
        self._cache = None
        if not _away.is_set():
            _away.set()
            log.warning("embedding_cache_away", error=str(error), doing="embedding without it")
