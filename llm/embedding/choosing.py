"""Which embedder a name means; one shared instance a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from django.conf import settings

from llm.embedding.errors import EmbeddingRefused
from llm.embedding.hashing import HashingEmbedder
from llm.embedding.model import Embedder

HASHING = "hashing-384"
LOCAL = "local/minilm-l6-v2-int8"
OPENAI = "openai/text-embedding-3-small"
COMPATIBLE = "openai-compatible/"

# What makes an embedder, and what it's made from: the key of the shared ones.
Recipe = tuple[Callable[..., Embedder], tuple[Hashable, ...]]

_lock = threading.Lock()
_shared: dict[Recipe, Embedder] = {}


def embedder(name: str | None = None) -> Embedder:
    """The process's embedder of that name, FA_EMBEDDER's by default; safe between threads.

    Raises EmbeddingRefused where nobody knows the name, or something it needs is missing.
    """
    recipe = make, ingredients = _recipe(name or settings.EMBEDDER)
    with _lock:
        if recipe not in _shared:
            _shared[recipe] = make(*ingredients)
        return _shared[recipe]


def _recipe(name: str) -> Recipe:
    if name == HASHING:
        return HashingEmbedder, ()
    if name == LOCAL:
        return _local, (settings.EMBED_THREADS, Path(settings.DATA_DIR) / "models")
    if name == OPENAI or name.startswith(COMPATIBLE):
        dimensions = settings.EMBED_DIMENSIONS
        return _hosted, (name, dimensions, settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY)
    raise EmbeddingRefused(
        f"{name!r} is no embedder. Known are {LOCAL}, {OPENAI}, {COMPATIBLE}<model> and {HASHING}; "
        "FA_EMBEDDER sets the default."
    )


# The SDK, onnxruntime and the tokenizer take a second to import: only who needs them waits.


def _local(*ingredients: Any) -> Embedder:
    from llm.embedding.local import LocalEmbedder

    return LocalEmbedder(*ingredients)


def _hosted(name: str, dimensions: int, url: str, key: str) -> Embedder:
    from llm import embedding_ledger
    from llm.embedding import hosted

    model = hosted.SMALL if name == OPENAI else hosted.compatible_model(name, dimensions)
    return hosted.HostedEmbedder(model, hosted.Endpoint(url, key), embedding_ledger.metered)


def _forget() -> None:
    """A forked child makes its own: threads and connections don't survive a fork."""
    global _lock
    _lock = threading.Lock()
    _shared.clear()


os.register_at_fork(after_in_child=_forget)
