"""The cache on a real Valkey: seven days, counted, and never a damaged vector."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import redis
from django.conf import settings
from numpy.typing import NDArray

from llm.embedding import Cache, HitRate, Model, text_hash
from llm.embedding.model import unit

WEEK = 7 * 24 * 3600


@pytest.fixture
def valkey() -> Any:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture
def cache(valkey: Any) -> Cache:
    return Cache(valkey)


@pytest.fixture
def model() -> Model:
    return Model(f"test/{uuid4()}", "test", 16, 256)  # its own space: tests share a Valkey


def vectors_of(model: Model, *texts: str) -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(7)
    made = unit(random.normal(size=(len(texts), model.dimensions)))
    return dict(zip(map(text_hash, texts), made, strict=True))


def keys_of(valkey: Any, model: Model, text: str) -> list[bytes]:
    return list(valkey.scan_iter(f"*{model.name}:{text_hash(text)}", count=1000))


def test_kept_vectors_come_back_as_unit_vectors_of_half_precision(
    cache: Cache, model: Model
) -> None:
    kept = vectors_of(model, "a", "b")
    cache.put_many(model, kept)
    found = cache.get_many(model, [*kept, text_hash("c"), *kept])
    assert list(found) == list(kept)
    for each, vector in found.items():
        assert vector.dtype == np.float32
        np.testing.assert_allclose(vector, kept[each], atol=1e-3)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_entry_is_float16_and_lives_seven_days_from_its_writing(
    cache: Cache, model: Model, valkey: Any
) -> None:
    cache.put_many(model, vectors_of(model, "a"))
    (key,) = keys_of(valkey, model, "a")
    assert len(valkey.get(key)) == 4 + 2 * model.dimensions
    assert WEEK - 5 <= valkey.ttl(key) <= WEEK
    valkey.expire(key, 60)
    cache.put_many(model, vectors_of(model, "a"))
    assert WEEK - 5 <= valkey.ttl(key) <= WEEK


def test_models_do_not_share_vectors(cache: Cache, model: Model) -> None:
    cache.put_many(model, vectors_of(model, "a"))
    other = Model(f"{model.name}-other", "test", 16, 256)
    assert cache.get_many(other, [text_hash("a")]) == {}


def test_hits_and_misses_are_counted_a_model_and_a_day(
    cache: Cache, model: Model, valkey: Any
) -> None:
    assert cache.hit_rate(model) == HitRate(0, 0)
    assert cache.hit_rate(model).share is None
    kept = vectors_of(model, "a", "b")
    cache.get_many(model, list(kept))
    cache.put_many(model, kept)
    cache.get_many(model, [*kept, text_hash("c"), text_hash("c")])
    assert cache.hit_rate(model) == HitRate(hits=2, misses=3)
    assert cache.hit_rate(model).share == 0.4
    (day,) = valkey.scan_iter(f"*:asked:{model.name}:*", count=1000)
    today = datetime.now(UTC).date()
    assert day.decode().endswith(today.isoformat())
    for back, counts in ((6, True), (7, False)):
        past = day.decode().replace(today.isoformat(), str(today - timedelta(days=back)))
        valkey.hset(past, mapping={"hits": 10, "misses": 0})
        assert cache.hit_rate(model) == HitRate(hits=12, misses=3), (back, counts)
    assert 0 < valkey.ttl(day) <= WEEK + 24 * 3600


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: entry[:-1],
        lambda entry: entry[:-1] + bytes([entry[-1] ^ 1]),
        lambda entry: bytes(len(entry)),
        lambda entry: b"",
        lambda entry: entry + b"\0\0",
    ],
    ids=["short", "one bit", "zeros", "empty", "long"],
)
def test_damaged_entry_is_a_miss_and_is_replaced(
    cache: Cache, model: Model, valkey: Any, damage: Any
) -> None:
    kept = vectors_of(model, "a")
    cache.put_many(model, kept)
    (key,) = keys_of(valkey, model, "a")
    valkey.set(key, damage(valkey.get(key)))
    assert cache.get_many(model, list(kept)) == {}
    assert cache.hit_rate(model) == HitRate(0, 1)
    cache.put_many(model, kept)
    assert list(cache.get_many(model, list(kept))) == list(kept)


def test_default_client_is_that_of_the_settings(model: Model) -> None:
    cache = Cache()
    cache.put_many(model, vectors_of(model, "a"))
    assert list(Cache().get_many(model, [text_hash("a")])) == [text_hash("a")]
