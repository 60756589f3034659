"""Embeddings from OpenAI, or from any server that speaks as OpenAI's does, by the official SDK."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
import numpy as np
import openai
from numpy.typing import NDArray

from llm.embedding.deadline import limited_client
from llm.embedding.errors import EmbeddingRefused, EmbeddingUnavailable
from llm.embedding.faults import classified
from llm.embedding.model import Counted, Model, checked, unit
from llm.embedding.wire import read_answer

SMALL = Model("openai/text-embedding-3-small", "openai", dimensions=1536, max_tokens=8191)
COMPATIBLE = "openai-compatible"

# Limits of one request. Tokens are counted as bytes, which there are never fewer of, because
# the exact count needs a vocabulary that is only downloaded.
MOST_INPUTS = 2048
MOST_REQUEST_TOKENS = 300_000

# Work in the background has time for two retries; a reader who waits for a search has not: the
# search then goes by words alone. Not the SDK's own retries, which no ledger would see.
DOCUMENT_RETRIES, DOCUMENT_SECONDS = 2, 60.0
QUERY_RETRIES, QUERY_SECONDS = 0, 5.0
CONNECT_SECONDS = 5.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 60.0

# Given the model, the texts and what makes one request (vectors, the provider's request id): makes
# it and writes down what it costs.
Meter = Callable[[Model, Sequence[str], Callable[[], tuple[Counted, str]]], Counted]


def unmetered(
    model: Model, texts: Sequence[str], ask: Callable[[], tuple[Counted, str]]
) -> Counted:
    return ask()[0]


@dataclass(frozen=True)
class Endpoint:
    url: str
    key: str = field(repr=False)


class HostedEmbedder:
    """Safe between threads, which share its connections. Raises EmbeddingError."""

    def __init__(self, model: Model, endpoint: Endpoint, meter: Meter = unmetered) -> None:
        self.model = model
        self._meter = meter
        self._endpoint = endpoint
        self._asked_as = served_name(model)
        self._client = openai.OpenAI(
            api_key=_key(model, endpoint),
            base_url=_url(endpoint),
            http_client=limited_client(),
        )

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.counted(texts).vectors

    def counted(self, texts: Sequence[str]) -> Counted:
        vectors = np.empty((len(texts), self.model.dimensions), dtype=np.float32)
        tokens = done = 0
        for batch in batches([cut(text, self.model.max_tokens) for text in checked(texts)]):
            made = self._ask(batch, DOCUMENT_RETRIES, DOCUMENT_SECONDS)
            vectors[done : done + len(batch)] = made.vectors
            done += len(batch)
            tokens += made.tokens
        return Counted(vectors, tokens)

    def query(self, text: str) -> NDArray[np.float32]:
        (whole,) = checked([text])
        made = self._ask([cut(whole, self.model.max_tokens)], QUERY_RETRIES, QUERY_SECONDS)
        vector: NDArray[np.float32] = made.vectors[0]
        return vector

    def close(self) -> None:
        """Close its connections; it can't be used after that."""
        self._client.close()

    def _ask(self, texts: list[str], retries: int, seconds: float) -> Counted:
        for attempt in range(retries + 1):
            try:
                return self._meter(self.model, texts, lambda: self._once(texts, seconds))
            except EmbeddingUnavailable as error:
                pause = _pause(error, attempt)
                if attempt == retries or pause > LONGEST_PAUSE_SECONDS or _is_final(error):
                    raise
                time.sleep(pause)
        raise AssertionError("The last attempt returns or raises.")

    def _once(self, texts: list[str], seconds: float) -> tuple[Counted, str]:
        client: Any = self._client.with_options(
            max_retries=0, timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS)
        )
        try:
            # The answer as it came: the SDK's own reading turns vectors into lists of floats,
            # and trusts their count, order and size.
            answer = client.embeddings.with_raw_response.create(
                model=self._asked_as, input=texts, encoding_format="base64"
            )
            body = answer.content
        except openai.OpenAIError as error:
            raise classified(error, self._endpoint.key) from error
        read = read_answer(body, len(texts), self.model)
        return Counted(unit(read.vectors), read.tokens), answer.headers.get("x-request-id", "")


def _is_final(error: EmbeddingUnavailable) -> bool:
    """Whether the server says that trying again is in vain."""
    said = error.__cause__
    headers = said.response.headers if isinstance(said, openai.APIStatusError) else {}
    return headers.get("x-should-retry") == "false"


def _pause(error: EmbeddingUnavailable, attempt: int) -> float:
    if error.retry_after is not None:
        return error.retry_after
    return random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt)  # noqa: S311


def served_name(model: Model) -> str:
    """What the server calls it: without our prefix, and without the dimensions after ``@``."""
    return model.name.partition("/")[2].rpartition("@")[0] or model.name.partition("/")[2]


def compatible_model(name: str, dimensions: int) -> Model:
    """Of ``openai-compatible/<model>`` or ``openai-compatible/<model>@<dimensions>``.

    The dimensions are part of the identity: vectors of two sizes can't be compared.
    """
    served, _, said = name.removeprefix(f"{COMPATIBLE}/").rpartition("@")
    if served and said.isdigit():
        dimensions = int(said)
    else:
        served = name.removeprefix(f"{COMPATIBLE}/")
    if not served or dimensions < 1:
        raise EmbeddingRefused(
            f"{name!r} needs a model's name and the length of its vectors: set FA_EMBED_DIMENSIONS, "
            f"or write {COMPATIBLE}/{served or 'nomic-embed-text'}@768."
        )
    return Model(f"{COMPATIBLE}/{served}@{dimensions}", COMPATIBLE, dimensions, SMALL.max_tokens)


def cut(text: str, tokens: int) -> str:
    """So much from the start as can't be more than these tokens: a token is at least a byte."""
    return text.encode()[:tokens].decode(errors="ignore")


def batches(texts: list[str]) -> Iterator[list[str]]:
    """In order, each within the limits of one request."""
    batch: list[str] = []
    size = 0
    for text in texts:
        length = len(text.encode())
        if batch and (len(batch) == MOST_INPUTS or size + length > MOST_REQUEST_TOKENS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += length
    if batch:
        yield batch


def _key(model: Model, endpoint: Endpoint) -> str:
    if endpoint.key:
        if not endpoint.key.isascii() or not endpoint.key.isprintable():
            raise EmbeddingRefused("OPENAI_API_KEY holds characters that no key has: copy it anew.")
        return endpoint.key
    if model.provider == COMPATIBLE:
        return "none"  # a server of one's own often wants no key; the SDK does
    raise EmbeddingRefused(f"{model.name} needs a key: set OPENAI_API_KEY.")


def _url(endpoint: Endpoint) -> str:
    parts = urlsplit(endpoint.url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise EmbeddingRefused(
            f"FA_OPENAI_BASE_URL is {endpoint.url!r}; it must be like https://api.openai.com/v1."
        )
    return endpoint.url
