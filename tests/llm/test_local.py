"""The local embedder against BERT written in numpy, on the real weights."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from numpy.typing import NDArray

from llm.embedding import EmbeddingRefused, graph, local, weights
from llm.embedding.local import LocalEmbedder
from llm.embedding.outliers import LOUD
from tests.llm import bert

SENTENCES = [
    "Revenue rose 12% to $4.5 billion, driven by cloud services.",
    "Net interest margin contracted by 14 basis points.",
    "Why?",
    "The company repurchased 3.2 million shares of common stock during the quarter.",
    "EBITDA",
    "Umsatzerlöse stiegen im Geschäftsjahr; 売上高は増加した。 ✓",
    "| 2023 | 2022 | 2021 |\n| 1,234 | (567) | 89.0 |",
    "risk factors " * 60,
    "Item 7. Management's discussion and analysis of financial condition " * 20,
    " ".join(f"word{number}" for number in range(400)),  # cut at 256 tokens
]
# Short and long, prose, headings, tables, questions: what the loud channels were measured on.
VARIED = [
    "The company reported revenue of $1.2 billion, up 5% from last year.",
    "Why?",
    "| 2023 | 2022 |\n| 1,234 | (567) |",
    "Net interest income",
    "AAPL",
    "Legal proceedings and risk factors may harm our business in ways that we can't foresee.",
    "Item 1A. Risk Factors",
    "We lease stores, offices and warehouses under non-cancellable operating leases; see Note 9.",
    "What was the operating margin in fiscal 2021?",
    "- one\n- two",
    "Im Geschäftsjahr stieg der Umsatz um 7 %.",
    "EPS: 3.14 vs. 2.72 (diluted)",
]
MODELS = Path(settings.DATA_DIR) / "models"


@pytest.fixture(scope="module")
def embedder() -> Iterator[LocalEmbedder]:
    with closing(LocalEmbedder(2, MODELS)) as made:
        yield made


@pytest.fixture(scope="module")
def plainly(embedder: LocalEmbedder) -> NDArray[np.float32]:
    """The sentences by numpy, in float32."""
    read = weights.tensors(weights.folder())
    return np.stack([bert.embedding(read, embedder.tokens(text)) for text in SENTENCES])


def whole(graph: graph.Graph, rows: str, matrix: NDArray[np.float32], loud: Sequence[int]) -> str:
    """The matrix product without quantisation."""
    return graph.add("MatMul", rows, graph.constant(matrix))


def test_graph_in_float32_is_bert(embedder: LocalEmbedder, plainly: NDArray[np.float32]) -> None:
    session = local.session(graph.build(weights.tensors(weights.folder()), whole))
    tokens = [embedder.tokens(text) for text in SENTENCES]
    longest = max(map(len, tokens))
    assert longest == 256
    ids = np.array([each + [0] * (longest - len(each)) for each in tokens])
    mask = np.array([[1] * len(each) + [0] * (longest - len(each)) for each in tokens])
    together = local.run(session, ids, mask)  # padded, so the mask is held to its word as well
    together /= np.linalg.norm(together, axis=1, keepdims=True)
    assert np.abs(together - plainly).max() < 1e-4


def test_loud_channels_are_the_loudest_of_the_weights(embedder: LocalEmbedder) -> None:
    heard = bert.Listener(weights.tensors(weights.folder()))
    for text in VARIED:
        bert.embedding(heard, embedder.tokens(text))
    names = ("attention.self.query", "intermediate.dense", "output.dense")
    for layer, pinned in enumerate(LOUD):
        found = [heard.loudest[f"encoder.layer.{layer}.{name}"] for name in names]
        assert pinned == tuple(tuple(np.argsort(-each)[:4]) for each in found)


def test_int8_stays_near_float32(embedder: LocalEmbedder, plainly: NDArray[np.float32]) -> None:
    vectors = embedder.documents(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    cosines = (vectors * plainly).sum(axis=1)
    assert cosines.min() > 0.99, cosines
    np.testing.assert_allclose(vectors @ vectors.T, plainly @ plainly.T, atol=0.02)


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        (
            "How much did sales grow?",
            "Revenue increased 8% from the prior year.",
            "The lease expires in 2031.",
        ),
        (
            "What does the company owe?",
            "Long-term debt stood at $2 billion at year end.",
            "We hired a new chief marketing officer.",
        ),
        (
            "dividend per share",
            "The board raised the quarterly payout to shareholders to 52 cents.",
            "Our factories in Ohio make tyres.",
        ),
        (
            "Is the firm being sued?",
            "We are a defendant in several legal proceedings.",
            "Gross margin was helped by lower freight costs.",
        ),
    ],
)
def test_meaning_brings_texts_nearer_than_strangers(
    embedder: LocalEmbedder, asked: str, near: str, far: str
) -> None:
    question = embedder.query(asked)
    close, distant = embedder.documents([near, far])
    assert question @ close > question @ distant + 0.1


def test_vector_does_not_depend_on_its_neighbours_or_threads(embedder: LocalEmbedder) -> None:
    together = embedder.documents(SENTENCES)
    with ThreadPoolExecutor(8) as threads:
        apart = list(threads.map(embedder.query, SENTENCES))
    np.testing.assert_array_equal(together, apart)


def test_text_is_cut_at_256_tokens(embedder: LocalEmbedder) -> None:
    words = [f"word{number}" for number in range(20_000)]
    np.testing.assert_array_equal(
        embedder.query(" ".join(words)), embedder.query(" ".join(words[:400]))
    )
    assert len(embedder.tokens(" ".join(words))) == 256


def test_blank_text_is_refused(embedder: LocalEmbedder) -> None:
    with pytest.raises(EmbeddingRefused, match="Text 1 of 1 is blank"):
        embedder.query("  ")
    assert embedder.documents([]).shape == (0, 384)


def test_package_of_the_weights_is_never_run(embedder: LocalEmbedder) -> None:
    asked = (
        "import sys; from pathlib import Path; from llm.embedding.local import LocalEmbedder;"
        f"LocalEmbedder(1, Path({str(MODELS)!r})).query('one');"
        "print([name for name in sys.modules if name.startswith(('gt_all', 'torch', 'onnx.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
