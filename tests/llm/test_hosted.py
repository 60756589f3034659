"""The official SDK against a server on loopback that speaks the real format, with every fault."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

import numpy as np
import pytest
from openai.types import CreateEmbeddingResponse

from llm.embedding import (
    EmbeddingError,
    EmbeddingMalformed,
    EmbeddingRefused,
    EmbeddingUnavailable,
    Model,
    hosted,
)
from llm.embedding.faults import retry_after
from llm.embedding.hosted import SMALL, Endpoint, HostedEmbedder, compatible_model
from tests.llm.openai_server import KEY, direction, healthy, refusal, reply, told
from tests.loopback import Answer, Asked, Loopback, serving

Fault = Callable[[Asked], Answer]
Maker = Callable[..., HostedEmbedder]
Ask = Callable[[Fault], EmbeddingError]


@pytest.fixture
def embedder_of() -> Iterator[Maker]:
    """Makes embedders for a server, and closes them when the test is over."""
    with ExitStack() as made:

        def make(server: Loopback, model: Model = SMALL, key: str = KEY) -> HostedEmbedder:
            embedder = HostedEmbedder(model, Endpoint(f"{server.url}/v1", key))
            return made.enter_context(closing(embedder))

        yield make


def expected(text: str, dimensions: int = 1536) -> np.ndarray[Any, Any]:
    vector = direction(text, dimensions).astype(np.float64)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@pytest.fixture
def raised_by(embedder_of: Maker, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What a query raises: it isn't tried again, so one fault is one request."""

    def ask(fault: Fault) -> EmbeddingError:
        monkeypatch.setattr(hosted, "QUERY_SECONDS", 0.5)
        with serving(fault) as server:
            with pytest.raises(EmbeddingError) as raised:
                embedder_of(server).query("net interest margin")
            assert len(server.asked) == 1
        assert KEY not in str(raised.value)
        return raised.value

    return ask


def test_fake_answers_as_the_sdk_reads() -> None:
    """Strictly by the SDK's own types, which know the vectors as floats."""
    body = b'{"model": "m", "input": ["a", "b"], "encoding_format": "float"}'
    answer = reply(Asked("POST", "/v1/embeddings", {}, {}, body, 0), 3)
    read = CreateEmbeddingResponse.model_validate(answer, strict=True)
    assert read.to_dict() == answer


def test_documents_come_in_order_as_unit_vectors_with_their_tokens(embedder_of: Maker) -> None:
    texts = ["Revenue rose.", "Costs fell a lot.", "Nothing else changed."]
    with serving(healthy()) as server:
        made = embedder_of(server).counted(texts)
    assert made.tokens == 9
    np.testing.assert_allclose(made.vectors, [expected(text) for text in texts], atol=1e-6)
    (asked,) = server.asked
    assert json.loads(asked.body) == {
        "model": "text-embedding-3-small",
        "input": texts,
        "encoding_format": "base64",
    }
    assert asked.headers["authorization"] == f"Bearer {KEY}"


def test_server_that_answers_floats_is_read_as_well(embedder_of: Maker) -> None:
    def floats(asked: Asked) -> Answer:
        answer = reply(asked, 8)
        for item in answer["data"]:
            text = json.loads(asked.body)["input"][item["index"]]
            item["embedding"] = direction(text, 8).tolist()
        del answer["usage"]
        return told(answer)

    model = compatible_model("openai-compatible/tiny", 8)
    with serving(floats) as server:
        made = embedder_of(server, model, key="").counted(["one", "two"])
    assert made.tokens == 0
    np.testing.assert_allclose(made.vectors, [expected("one", 8), expected("two", 8)], atol=1e-6)
    assert json.loads(server.asked[0].body)["model"] == "tiny"


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (400, "invalid_value", EmbeddingRefused, "refused the call (400): what it said"),
        (401, "invalid_api_key", EmbeddingRefused, "check OPENAI_API_KEY"),
        (403, "unsupported_country", EmbeddingRefused, "refused the call (403): what it said"),
        (404, "model_not_found", EmbeddingRefused, "refused the call (404): what it said"),
        (413, None, EmbeddingRefused, "refused the call (413)"),
        (429, "insufficient_quota", EmbeddingRefused, "no credit left: what it said"),
        (429, "rate_limit_exceeded", EmbeddingUnavailable, "answered 429: what it said"),
        (500, "server_error", EmbeddingUnavailable, "answered 500: what it said"),
        (503, None, EmbeddingUnavailable, "answered 503: what it said"),
    ],
)
def test_refusals_say_whether_to_try_again(
    status: int, code: str | None, kind: type[EmbeddingError], words: str, raised_by: Ask
) -> None:
    error = raised_by(lambda asked: refusal(status, code, f"what it said {KEY}"))
    assert type(error) is kind
    assert words in str(error)
    assert error.permanent is (kind is EmbeddingRefused)


def test_rate_limit_says_how_long_to_wait(raised_by: Ask) -> None:
    def limited(asked: Asked) -> Answer:
        return refusal(429, "rate_limit_exceeded", "slow down", headers={"retry-after": "17"})

    error = raised_by(limited)
    assert isinstance(error, EmbeddingUnavailable)
    assert error.retry_after == 17.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers) == seconds


def short_of_one(asked: Asked) -> Answer:
    return told(reply(asked, data=[]))


def numbered_from_one(asked: Asked) -> Answer:
    answer = reply(asked)
    answer["data"][0]["index"] = 1
    return told(answer)


def with_nan(asked: Asked) -> Answer:
    answer = reply(asked)
    answer["data"][0]["embedding"] = [float("nan"), *[0.5] * 1535]
    return told(answer)


def all_zero(asked: Asked) -> Answer:
    answer = reply(asked)
    answer["data"][0]["embedding"] = [0.0] * 1536
    return told(answer)


def no_base64(asked: Asked) -> Answer:
    answer = reply(asked)
    answer["data"][0]["embedding"] = "not base64!"
    return told(answer)


@pytest.mark.parametrize(
    "fault",
    [
        lambda asked: Answer(body=b"<html>Bad gateway</html>", content_type="text/html"),
        lambda asked: Answer(body=b'{"object":"list","data":[{"obj'),
        lambda asked: Answer(body=b""),
        lambda asked: told(["no", "object"]),
        lambda asked: told({"object": "list", "data": None}),
        lambda asked: told({"data": ["text"]}),
        short_of_one,
        numbered_from_one,
        with_nan,
        all_zero,
        no_base64,
    ],
)
def test_answer_that_is_no_embedding_is_malformed(fault: Fault, raised_by: Ask) -> None:
    error = raised_by(fault)
    assert type(error) is EmbeddingMalformed
    assert not error.permanent


def test_vectors_of_another_size_are_refused_for_good(raised_by: Ask) -> None:
    error = raised_by(healthy(768))
    assert type(error) is EmbeddingMalformed
    assert error.permanent
    assert "answered vectors of 768, where 1536 are expected" in str(error)


@pytest.mark.parametrize(
    "fault",
    [
        lambda asked: told(reply(asked), cut=40),  # closed in the middle of the body
        lambda asked: told(reply(asked), hang=3),
        lambda asked: told(reply(asked), pause=0.05),  # 8 kB at 2 kB a second
        lambda asked: Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["cut", "silent", "dripping", "bad gzip"],
)
def test_broken_or_slow_answer_is_for_another_time(fault: Fault, raised_by: Ask) -> None:
    began = time.monotonic()
    error = raised_by(fault)
    assert type(error) is EmbeddingUnavailable
    assert time.monotonic() - began < 8


def test_nobody_at_the_address_is_for_another_time(embedder_of: Maker) -> None:
    with serving(healthy()) as server:
        embedder = embedder_of(server)
    with pytest.raises(EmbeddingUnavailable, match="can't be reached"):
        embedder.query("anything")


def test_documents_are_tried_again_and_queries_are_not(embedder_of: Maker) -> None:
    def twice_down(asked: Asked) -> Answer:
        if len(server.asked) < 3:
            return refusal(503, None, "down", headers={"retry-after-ms": "5"})
        return told(reply(asked))

    with serving(twice_down) as server:
        embedder = embedder_of(server)
        with pytest.raises(EmbeddingUnavailable):
            embedder.query("only once")
        server.asked.clear()
        np.testing.assert_allclose(embedder.documents(["a"]), [expected("a")], atol=1e-6)
    assert len(server.asked) == 3


def test_requests_keep_within_the_limits_of_one(embedder_of: Maker) -> None:
    texts = [f"text {number}" for number in range(2049)] + ["x" * 8000 for _ in range(40)]
    with serving(healthy(4)) as server:
        model = compatible_model("openai-compatible/tiny@4", 0)
        vectors = embedder_of(server, model).documents(texts)
    sent = [json.loads(asked.body)["input"] for asked in server.asked]
    assert [text for batch in sent for text in batch] == texts
    assert all(len(batch) <= 2048 for batch in sent)
    assert all(sum(map(len, batch)) <= 300_000 for batch in sent)
    assert len(sent) == 3
    np.testing.assert_allclose(vectors, [expected(text, 4) for text in texts], atol=1e-6)


def test_too_long_a_text_is_cut_between_characters(embedder_of: Maker) -> None:
    with serving(healthy()) as server:
        embedder_of(server).query("€" * 5000)
    (sent,) = json.loads(server.asked[0].body)["input"]
    assert sent == "€" * (8191 // 3)


def test_eight_threads_share_one_client(embedder_of: Maker) -> None:
    with serving(healthy()) as server, ThreadPoolExecutor(8) as threads:
        embedder = embedder_of(server)
        texts = [f"question {number}" for number in range(64)]
        vectors = list(threads.map(embedder.query, texts))
    np.testing.assert_allclose(vectors, [expected(text) for text in texts], atol=1e-6)


def test_key_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture, embedder_of: Maker) -> None:
    # By its name, because the door's clients quieten the SDK's loggers, each by name.
    caplog.set_level(logging.DEBUG, logger="openai._base_client")
    with caplog.at_level(logging.DEBUG), serving(healthy()) as server:
        embedder_of(server).query("one")
        with pytest.raises(EmbeddingRefused) as raised:
            embedder_of(server, key="sk-wrong-9876543210").query("two")
    assert caplog.records
    spoken = caplog.text + str(raised.value) + repr(Endpoint("http://a", KEY))
    assert KEY not in spoken
    assert "sk-" not in spoken


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        (Endpoint("https://api.openai.com/v1", ""), "set OPENAI_API_KEY"),
        (Endpoint("https://api.openai.com/v1", "sk-ключ"), "copy it anew"),
        (Endpoint("api.openai.com", KEY), "it must be like https://api.openai.com/v1"),
    ],
)
def test_unusable_endpoint_says_what_to_set(endpoint: Endpoint, words: str) -> None:
    with pytest.raises(EmbeddingRefused, match=words):
        HostedEmbedder(SMALL, endpoint)


@pytest.mark.parametrize(
    ("name", "dimensions", "whole"),
    [
        ("openai-compatible/nomic-embed-text", 768, "openai-compatible/nomic-embed-text@768"),
        ("openai-compatible/nomic-embed-text@768", 0, "openai-compatible/nomic-embed-text@768"),
        ("openai-compatible/org/m:latest@512", 768, "openai-compatible/org/m:latest@512"),
    ],
)
def test_compatible_model_is_named_with_its_dimensions(
    name: str, dimensions: int, whole: str
) -> None:
    model = compatible_model(name, dimensions)
    assert model.name == whole
    assert whole.endswith(f"@{model.dimensions}")
    assert f"openai-compatible/{hosted.served_name(model)}@{model.dimensions}" == whole


@pytest.mark.parametrize("name", ["openai-compatible/", "openai-compatible/some-model"])
def test_compatible_model_without_name_or_dimensions_is_refused(name: str) -> None:
    with pytest.raises(EmbeddingRefused, match="FA_EMBED_DIMENSIONS"):
        compatible_model(name, 0)
