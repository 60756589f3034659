"""Which embedder a name means; one shared instance a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from django.conf import settings

from llm.embedding.errors import EmbeddingRefused
from llm.embedding.hashing import HashingEmbedder
from llm.embedding.model import Embedder

KNOWN: dict[str, Callable[[], Embedder]] = {"hashing-384": HashingEmbedder}

_lock = threading.Lock()
_shared: dict[str, Embedder] = {}


def embedder(name: str | None = None) -> Embedder:
    """The process's embedder of that name, FA_EMBEDDER's by default; safe between threads.

    Raises EmbeddingRefused for a name nobody knows.
    """
    name = name or settings.EMBEDDER
    if name not in KNOWN:
        raise EmbeddingRefused(
            f"{name!r} is no embedder. Set FA_EMBEDDER to one of: {', '.join(KNOWN)}."
        )
    with _lock:
        if name not in _shared:
            _shared[name] = KNOWN[name]()
        return _shared[name]


def _forget() -> None:
    """A forked child makes its own: threads and connections don't survive a fork."""
    global _lock
    _lock = threading.Lock()
    _shared.clear()


os.register_at_fork(after_in_child=_forget)
