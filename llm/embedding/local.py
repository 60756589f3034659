"""MiniLM on this machine's processor, quantised to int8; nothing is downloaded.

A text is run by itself, not in a padded batch: quantisation has one scale a run, so in a batch
a vector would depend on its neighbours. It is no slower (a long text fills a core by itself),
and the threads take a text each.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from llm.embedding import weights
from llm.embedding.kept import kept_model
from llm.embedding.model import Model, checked, unit

MINILM = Model("local/minilm-l6-v2-int8", "local", dimensions=384, max_tokens=256)

# Far more than the tokens that are read: saves splitting a book to keep its first page.
MOST_CHARACTERS = 100 * MINILM.max_tokens


class LocalEmbedder:
    """``threads``: at most so many texts at once, whoever asks; a query takes its caller's own."""

    model = MINILM

    def __init__(self, threads: int, models: Path) -> None:
        found = weights.folder()
        self._tokenizer = _tokenizer(found)
        self._session = session(kept_model(found, models))
        self._pool = ThreadPoolExecutor(min(threads, _cores()), thread_name_prefix="embedding")

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.model.dimensions), dtype=np.float32)
        for row, vector in zip(vectors, self._pool.map(self._run, checked(texts)), strict=True):
            row[:] = vector
        return unit(vectors)

    def query(self, text: str) -> NDArray[np.float32]:
        (whole,) = checked([text])
        return unit(self._run(whole))

    def tokens(self, text: str) -> list[int]:
        """What is read of a text, its first and last mark included: at most ``max_tokens``."""
        ids: list[int] = self._tokenizer.encode(text[:MOST_CHARACTERS]).ids
        return ids

    def close(self) -> None:
        """End its threads; it can't be used after that."""
        self._pool.shutdown(cancel_futures=True)

    def _run(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self.tokens(text)], dtype=np.int64)
        vector: NDArray[np.float32] = run(self._session, ids, np.ones_like(ids))[0]
        return vector


def session(model: bytes) -> onnxruntime.InferenceSession:
    """One thread a run: texts side by side scale better than threads inside one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def run(
    session: onnxruntime.InferenceSession, ids: NDArray[np.int64], mask: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(n, s) tokens and their mask to (n, dimensions), lengths as the model gives them."""
    (vectors,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
    told: NDArray[np.float32] = vectors
    return told


def _tokenizer(found: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(weights.proven("tokenizer.json", found)))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MINILM.max_tokens)
    return tokenizer


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
