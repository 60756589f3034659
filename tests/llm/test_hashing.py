"""The hashing embedder: the same vectors everywhere, nearer where words are shared."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.embedding import EmbeddingRefused
from llm.embedding.hashing import HashingEmbedder

EMBEDDER = HashingEmbedder()


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), max_size=5
    )
)
def test_any_text_is_a_unit_vector_of_its_own_making(texts: list[str]) -> None:
    vectors = EMBEDDER.documents(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_array_equal(EMBEDDER.query(text), vector)


def test_vectors_are_the_same_on_every_machine() -> None:
    vector = EMBEDDER.query("Net revenue rose 12% to $4.5 billion.")
    rounded = np.round(vector, 4).astype("<f4").tobytes()
    assert hashlib.sha256(rounded).hexdigest()[:16] == "f35c2cf02259d4a9"


def test_shared_words_bring_texts_nearer() -> None:
    asked, near, far = EMBEDDER.documents(
        [
            "revenue from cloud services",
            "Cloud services brought more revenue.",
            "The board met on Tuesday.",
        ]
    )
    assert asked @ near > 0.4 > asked @ far + 0.2


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["fine", " \n\t"], "Text 2 of 2 is blank"),
        (["half \ud83d of it"], "Text 1 of 1 holds half a character at 5"),
    ],
)
def test_text_without_words_is_refused(texts: list[str], words: str) -> None:
    with pytest.raises(EmbeddingRefused, match=words):
        EMBEDDER.documents(texts)
