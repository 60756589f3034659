"""Vectors kept in Valkey for a week, by the exact text's SHA-256 and the model's name.

An entry is a CRC-32 and the vector as float16, so what was damaged on the way is a miss.
Raises redis.RedisError when Valkey is away; `embed` then does without.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import redis
from django.conf import settings
from numpy.typing import NDArray
from redis.backoff import NoBackoff
from redis.retry import Retry

from llm.embedding.errors import EmbeddingError
from llm.embedding.model import Model, unit

KEEP_SECONDS = 7 * 24 * 3600
COUNT_DAYS = 7
CHECKSUM_BYTES = 4


@dataclass(frozen=True)
class HitRate:
    """Distinct texts asked for in the last seven days (UTC), today included."""

    hits: int
    misses: int

    @property
    def share(self) -> float | None:
        """Hits of all, 0 to 1; None where nothing was asked."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


class Cache:
    """Safe to share between threads; ``client`` must leave answers as bytes."""

    def __init__(self, client: Any | None = None) -> None:
        self._client = client or redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=2,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 1),  # for a connection that went stale; the default waits 4 s
        )
        broker: dict[str, Any] = settings.DRAMATIQ_BROKER
        self._prefix = f"{broker['OPTIONS']['namespace']}:embedding"

    def get_many(self, model: Model, hashes: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """What is kept of these, as unit vectors; counts a hit or a miss for each distinct hash."""
        wanted = list(dict.fromkeys(hashes))
        if not wanted:
            return {}
        entries = self._client.mget([self._key(model, each) for each in wanted])
        read = {each: decode(entry, model) for each, entry in zip(wanted, entries, strict=True)}
        found = {each: vector for each, vector in read.items() if vector is not None}
        self._count(model, len(found), len(wanted) - len(found))
        return found

    def put_many(self, model: Model, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep these for seven days from now, over what was there."""
        pipe = self._client.pipeline(transaction=False)
        for each, vector in vectors.items():
            pipe.set(self._key(model, each), encode(vector), ex=KEEP_SECONDS)
        pipe.execute()

    def hit_rate(self, model: Model) -> HitRate:
        pipe = self._client.pipeline(transaction=False)
        for back in range(COUNT_DAYS):
            pipe.hmget(self._counter(model, _today() - timedelta(days=back)), "hits", "misses")
        days = [(int(hits or 0), int(misses or 0)) for hits, misses in pipe.execute()]
        return HitRate(sum(hits for hits, _ in days), sum(misses for _, misses in days))

    def _count(self, model: Model, hits: int, misses: int) -> None:
        key = self._counter(model, _today())
        pipe = self._client.pipeline(transaction=False)
        pipe.hincrby(key, "hits", hits)
        pipe.hincrby(key, "misses", misses)
        pipe.expire(key, (COUNT_DAYS + 1) * 24 * 3600)
        pipe.execute()

    def _key(self, model: Model, text_hash: str) -> str:
        return f"{self._prefix}:{model.name}:{text_hash}"

    def _counter(self, model: Model, day: date) -> str:
        return f"{self._prefix}:asked:{model.name}:{day.isoformat()}"


def encode(vector: NDArray[np.float32]) -> bytes:
    body = np.asarray(vector, dtype="<f2").tobytes()
    return zlib.crc32(body).to_bytes(CHECKSUM_BYTES, "little") + body


def decode(entry: bytes | None, model: Model) -> NDArray[np.float32] | None:
    """The unit vector of an entry; None where it is absent, damaged or of another size."""
    if entry is None or len(entry) != CHECKSUM_BYTES + 2 * model.dimensions:
        return None
    checksum, body = entry[:CHECKSUM_BYTES], entry[CHECKSUM_BYTES:]
    if zlib.crc32(body).to_bytes(CHECKSUM_BYTES, "little") != checksum:
        return None
    try:
        return unit(np.frombuffer(body, dtype="<f2"))
    except EmbeddingError:
        return None


def _today() -> date:
    return datetime.now(UTC).date()
