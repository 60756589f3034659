"""The one door: the cache, then the embedder, then the cache again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from uuid import uuid4

import numpy as np
import pytest
import structlog
from django.test import override_settings
from numpy.typing import NDArray

from llm.embedding import (
    Cache,
    EmbeddingRefused,
    EmbeddingUnavailable,
    HitRate,
    Model,
    cached,
    embed,
)
from llm.embedding.hashing import HashingEmbedder
from llm.embedding.hosted import Endpoint, HostedEmbedder, compatible_model
from tests.llm.openai_server import KEY, refusal, reply, told
from tests.loopback import Answer, Asked, serving


class Listening:
    """The hashing embedder in a space of its own, and what it was asked."""

    def __init__(self) -> None:
        self._inner = HashingEmbedder()
        self.model = Model(f"test/{uuid4()}", "test", 384, 1000)
        self.asked: list[list[str]] = []

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return self._inner.documents(texts)

    def query(self, text: str) -> NDArray[np.float32]:
        return self._inner.query(text)


def test_second_time_asks_nobody_and_gives_the_same() -> None:
    embedder, cache = Listening(), Cache()
    texts = ["Revenue rose.", "Costs fell.", "Revenue rose."]
    first = embed(texts, embedder=embedder, cache=cache)
    assert (first.hits, first.misses, first.tokens) == (0, 2, None)
    assert embedder.asked == [["Revenue rose.", "Costs fell."]]
    np.testing.assert_allclose(first.vectors, HashingEmbedder().documents(texts), atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(first.vectors, axis=1), 1, atol=1e-6)

    second = embed([*texts, "Cash grew."], embedder=embedder, cache=cache)
    assert (second.hits, second.misses) == (2, 1)
    assert embedder.asked[1:] == [["Cash grew."]]
    np.testing.assert_array_equal(second.vectors[:3], first.vectors)
    assert cache.hit_rate(embedder.model) == HitRate(hits=2, misses=3)


def test_no_texts_ask_nobody() -> None:
    embedder = Listening()
    done = embed([], embedder=embedder, cache=Cache())
    assert done.vectors.shape == (0, 384)
    assert embedder.asked == []


def test_blank_text_is_refused_before_anybody_is_asked() -> None:
    embedder = Listening()
    with pytest.raises(EmbeddingRefused, match="Text 2 of 2 is blank"):
        embed(["fine", ""], embedder=embedder, cache=Cache())
    assert embedder.asked == []


def test_tokens_billed_are_told_and_nothing_is_billed_twice() -> None:
    model = compatible_model(f"openai-compatible/{uuid4()}", 8)
    with (
        serving(lambda asked: told(reply(asked, 8))) as server,
        closing(HostedEmbedder(model, Endpoint(server.url, KEY))) as embedder,
    ):
        first = embed(["two words"], embedder=embedder, cache=Cache())
        again = embed(["two words", "three more words"], embedder=embedder, cache=Cache())
    assert (first.tokens, again.tokens) == (2, 3)
    assert len(server.asked) == 2


def test_what_was_made_before_a_failure_is_not_made_again() -> None:
    model = compatible_model(f"openai-compatible/{uuid4()}", 8)
    texts = [f"text {number}" for number in range(cached.BATCH + 10)]

    def fails_once_at_the_second(asked: Asked) -> Answer:
        if len(server.asked) == 2:
            return refusal(503, None, "down", headers={"x-should-retry": "false"})
        return told(reply(asked, 8))

    with (
        serving(fails_once_at_the_second) as server,
        closing(HostedEmbedder(model, Endpoint(server.url, KEY))) as embedder,
    ):
        with pytest.raises(EmbeddingUnavailable):
            embed(texts, embedder=embedder, cache=Cache())
        done = embed(texts, embedder=embedder, cache=Cache())
    assert (done.hits, done.misses) == (cached.BATCH, 10)
    assert len(server.asked) == 3


def test_without_valkey_it_works_and_says_so_once() -> None:
    cached._away.clear()
    embedder = Listening()
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        away = Cache()
    texts = [f"text {number}" for number in range(cached.BATCH * 2)]
    began = time.monotonic()
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            done = embed(texts, embedder=embedder, cache=away)
            assert (done.hits, done.misses) == (0, len(texts))
        assert [entry["event"] for entry in logs] == ["embedding_cache_away"]
        embed(["back"], embedder=embedder, cache=Cache())
        embed(["gone"], embedder=embedder, cache=away)
    assert [entry["event"] for entry in logs] == ["embedding_cache_away"] * 2
    assert len(embedder.asked) == 6
    assert time.monotonic() - began < 8
    cached._away.clear()
