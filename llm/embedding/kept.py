"""The quantised model, built once from the weights and kept in the data folder.

Invariant: a kept file is whole. It is written aside and renamed, and its name ends in its own
digest, so what a full disk or a killed process left is never read as a model.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import time
from pathlib import Path

import structlog

from llm.embedding import weights

log = structlog.get_logger(__name__)

NAME = "minilm-l6-v2-int8"
STALE_SECONDS = 3600
BUILDER = [Path(__file__).with_name(name) for name in ("graph.py", "outliers.py")]


def kept_model(found: Path, models: Path) -> bytes:
    """The ONNX model, from ``models`` where it is kept, else built from the weights ``found``.

    Raises EmbeddingRefused where the weights are not the pinned ones.
    """
    stem = f"{NAME}-{_source()}"
    for path in sorted(models.glob(f"{stem}-*.onnx")):
        if model := _whole(path):
            return model
    # onnx takes a third of a second to import, and a process that finds a model doesn't need it.
    from llm.embedding import graph

    model = graph.build(weights.tensors(found), graph.int8)
    try:
        _keep(models, f"{stem}-{_digest(model)}.onnx", model)
    except OSError as error:
        log.warning("embedding_model_not_kept", folder=str(models), error=error.strerror)
    return model


def _source() -> str:
    """What the model is made from: the weights, and the code that builds it."""
    code = b"".join(path.read_bytes() for path in BUILDER)
    return _digest(weights.FILES["model.safetensors"].encode() + code)


def _whole(path: Path) -> bytes | None:
    try:
        model = path.read_bytes()
    except OSError:
        return None
    return model if path.stem.endswith(f"-{_digest(model)}") else None


def _keep(models: Path, name: str, model: bytes) -> None:
    models.mkdir(parents=True, exist_ok=True)
    for draft_of_the_killed in models.glob(".building-*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - draft_of_the_killed.stat().st_mtime > STALE_SECONDS:
                draft_of_the_killed.unlink()
    with tempfile.NamedTemporaryFile(dir=models, prefix=".building-", delete=False) as draft:
        path = Path(draft.name)
        try:
            draft.write(model)
            draft.close()
            path.replace(models / name)  # of two who build at once the last wins, whole
        finally:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
