"""Texts to vectors: local, hosted, or hashed for tests; made once, then kept for a week."""

from llm.embedding.cache import Cache, HitRate
from llm.embedding.cached import Embedded, embed
from llm.embedding.choosing import embedder
from llm.embedding.errors import (
    EmbeddingError,
    EmbeddingMalformed,
    EmbeddingRefused,
    EmbeddingUnavailable,
)
from llm.embedding.freshness import Decision, Reason, Stored, should_reembed, text_hash
from llm.embedding.model import Embedder, Model

__all__ = [
    "Cache",
    "Decision",
    "Embedded",
    "Embedder",
    "EmbeddingError",
    "EmbeddingMalformed",
    "EmbeddingRefused",
    "EmbeddingUnavailable",
    "HitRate",
    "Model",
    "Reason",
    "Stored",
    "embed",
    "embedder",
    "should_reembed",
    "text_hash",
]
