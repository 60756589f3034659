"""The built model is kept whole or not at all; the weights are the pinned ones or nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structlog

from llm.embedding import EmbeddingRefused, kept, weights
from llm.embedding.kept import kept_model

ROOT = Path(__file__).parents[2]
BUILD = (
    "import sys; from pathlib import Path; from llm.embedding import weights, kept;"
    "print(len(kept.kept_model(weights.folder(), Path(sys.argv[1]))))"
)


def builder(models: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, str(models)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_model_is_built_once_and_then_read(tmp_path: Path) -> None:
    models = tmp_path / "deep" / "models"
    built = kept_model(weights.folder(), models)
    (file,) = models.iterdir()
    assert file.name.startswith("minilm-l6-v2-int8-")
    assert file.read_bytes() == built
    # The second time the weights aren't looked at: there are none where it's told to look.
    assert kept_model(tmp_path / "nowhere", models) == built


@pytest.mark.parametrize("damage", [b"", b"half", None])
def test_damaged_model_is_built_anew(tmp_path: Path, damage: bytes | None) -> None:
    built = kept_model(weights.folder(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(built[:-1] + bytes([built[-1] ^ 1]) if damage is None else damage)
    assert kept_model(weights.folder(), tmp_path) == built
    assert file.read_bytes() == built


def test_two_processes_at_once_keep_one_whole_model(tmp_path: Path) -> None:
    told = {process.communicate(timeout=120)[0] for process in [builder(tmp_path) for _ in "ab"]}
    assert len(told) == 1
    (file,) = tmp_path.iterdir()
    assert kept_model(tmp_path / "nowhere", tmp_path) == file.read_bytes()


def test_builder_killed_half_way_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    process = builder(tmp_path)
    while process.poll() is None and not any(tmp_path.iterdir()):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    draft = tmp_path / ".building-left"
    draft.write_bytes(b"half a model")
    os.utime(draft, (0, 0))
    built = kept_model(weights.folder(), tmp_path)
    assert kept_model(tmp_path / "nowhere", tmp_path) == built
    assert not draft.exists()


def test_folder_that_takes_no_file_means_building_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "models"
    blocked.write_text("a file where the folder should be")  # root ignores permissions
    with structlog.testing.capture_logs() as logs:
        built = kept_model(weights.folder(), blocked)
    assert len(built) > 30_000_000
    assert [entry["event"] for entry in logs] == ["embedding_model_not_kept"]


def test_model_of_another_builder_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = kept_model(weights.folder(), tmp_path / "models")
    changed = tmp_path / "graph.py"
    changed.write_text("# changed")
    monkeypatch.setattr(kept, "BUILDER", [*kept.BUILDER, changed])
    assert kept_model(weights.folder(), tmp_path / "models") == built
    assert len(list((tmp_path / "models").iterdir())) == 2


@pytest.mark.parametrize("name", list(weights.FILES))
def test_file_that_is_not_the_pinned_one_is_refused(tmp_path: Path, name: str) -> None:
    shutil.copy(weights.folder() / name, tmp_path / name)
    assert weights.proven(name, tmp_path) == tmp_path / name
    with (tmp_path / name).open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"?")
    with pytest.raises(EmbeddingRefused, match=r"not the pinned .* Repair: python -m pip"):
        weights.proven(name, tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(EmbeddingRefused, match="can't be read"):
        weights.proven(name, tmp_path)


def test_weights_that_are_not_installed_say_what_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "a_package_that_is_not_installed")
    with pytest.raises(EmbeddingRefused, match="`make run` and `make test` install them"):
        weights.folder()
