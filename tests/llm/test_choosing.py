"""Names of embedders, and one of each a process."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import override_settings

from llm.embedding import EmbeddingRefused, Model, embedder

KEYED = {"OPENAI_API_KEY": "sk-test", "EMBED_DIMENSIONS": 768}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("hashing-384", Model("hashing-384", "hashing", 384, 1_000_000)),
        (
            "local/minilm-l6-v2-int8",
            Model("local/minilm-l6-v2-int8", "local", 384, 256),
        ),
        (
            "openai/text-embedding-3-small",
            Model("openai/text-embedding-3-small", "openai", 1536, 8191),
        ),
        (
            "openai-compatible/nomic-embed-text",
            Model("openai-compatible/nomic-embed-text@768", "openai-compatible", 768, 8191),
        ),
    ],
)
def test_each_name_means_one_model_and_the_default_is_a_setting(name: str, model: Model) -> None:
    with override_settings(EMBEDDER=name, **KEYED):
        assert embedder().model == model
        assert embedder() is embedder(name)
        assert embedder(model.name).model == model  # what a stored row names is found again


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(EmbeddingRefused) as raised:
        embedder("word2vec")
    assert str(raised.value) == (
        "'word2vec' is no embedder. Known are local/minilm-l6-v2-int8, "
        "openai/text-embedding-3-small, openai-compatible/<model> and hashing-384; "
        "FA_EMBEDDER sets the default."
    )


def test_hosted_model_without_a_key_says_what_to_set() -> None:
    with override_settings(OPENAI_API_KEY=""), pytest.raises(EmbeddingRefused, match="OPENAI_API"):
        embedder("openai/text-embedding-3-small")


def test_changed_settings_make_another_embedder() -> None:
    with override_settings(**KEYED):
        first = embedder("openai/text-embedding-3-small")
    with override_settings(**KEYED | {"OPENAI_BASE_URL": "https://eu.api.openai.com/v1"}):
        assert embedder("openai/text-embedding-3-small") is not first


def test_threads_that_ask_at_once_share_one() -> None:
    with override_settings(EMBED_THREADS=1), ThreadPoolExecutor(8) as threads:
        made = set(threads.map(embedder, ["local/minilm-l6-v2-int8"] * 16))
    assert len(made) == 1


def _in_child(answers: Any) -> None:
    local = embedder("local/minilm-l6-v2-int8")
    answers.put(local.documents(["after the fork", "two at once"]).tolist())


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_child_makes_its_own() -> None:
    ours = embedder("local/minilm-l6-v2-int8").documents(["after the fork", "two at once"])
    forking = multiprocessing.get_context("fork")
    answers = forking.Queue()
    child = forking.Process(target=_in_child, args=(answers,))
    child.start()
    assert answers.get(timeout=60) == ours.tolist()
    child.join(60)
    assert child.exitcode == 0


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    asked = (
        "import sys, llm.embedding;"
        "print(sorted({'openai', 'onnxruntime', 'onnx', 'tokenizers', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
