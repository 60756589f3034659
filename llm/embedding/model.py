"""What an embedder is: a model with a name, and texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from llm.embedding.errors import EmbeddingMalformed, EmbeddingRefused


@dataclass(frozen=True)
class Model:
    """``name`` is the identity of a vector space: the key of caches and of stored rows."""

    name: str
    provider: str
    dimensions: int
    max_tokens: int


@dataclass(frozen=True)
class Counted:
    """Vectors, and the tokens that the provider billed for them."""

    vectors: NDArray[np.float32]
    tokens: int


class Embedder(Protocol):
    """Raises EmbeddingError. Texts longer than ``model.max_tokens`` are cut, blank ones refused."""

    @property
    def model(self) -> Model: ...

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dimensions), rows of length one."""
        ...

    def query(self, text: str) -> NDArray[np.float32]:
        """(dimensions,), of length one."""
        ...


@runtime_checkable
class Metered(Protocol):
    """An embedder whose calls are billed."""

    def counted(self, texts: Sequence[str]) -> Counted: ...


def checked(texts: Sequence[str]) -> list[str]:
    """The texts, none of them blank or unencodable. Raises EmbeddingRefused."""
    for place, text in enumerate(texts, start=1):
        if not text.strip():
            raise EmbeddingRefused(
                f"Text {place} of {len(texts)} is blank: leave out what has no words."
            )
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise EmbeddingRefused(
                f"Text {place} of {len(texts)} holds half a character at {error.start}: "
                "decode its source anew."
            ) from error
    return list(texts)


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length one. Raises EmbeddingMalformed where a row has no direction."""
    wide = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(wide, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise EmbeddingMalformed("A vector is zero, infinite or not a number.")
    scaled: NDArray[np.float32] = (wide / lengths).astype(np.float32)
    return scaled
