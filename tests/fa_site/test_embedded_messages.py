"""What the embedded servers say to people: the command's output, and errors with a way out."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fa_site import embedded
from fa_site.embedded.__main__ import main
from fa_site.embedded.errors import FolderUnusable, OtherVersion, StartFailed


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    embedded.stop(tmp_path / "data")


def test_command_starts_shows_and_stops(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--data-dir", str(data_dir)]
    assert main(["start", *chosen]) == 0
    started = capsys.readouterr().out.splitlines()
    assert [line.split(" on ")[0] for line in started] == [
        "PostgreSQL: running",
        "Valkey: running",
    ]
    assert main(["status", *chosen]) == 0
    assert capsys.readouterr().out.splitlines() == started
    assert main(["stop", *chosen]) == 0
    assert main(["status", *chosen]) == 3
    assert capsys.readouterr().out.splitlines() == ["PostgreSQL: stopped", "Valkey: stopped"] * 2


def test_unusable_folder_is_named_with_what_to_do(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    # Root may write anywhere, but no one can make a folder below a file.
    closed.touch() if os.geteuid() == 0 else closed.mkdir(mode=0o500)
    with pytest.raises(FolderUnusable) as raised:
        embedded.ensure(closed / "data")
    assert str(closed / "data") in str(raised.value)
    assert "FA_DATA_DIR" in str(raised.value)


def test_database_of_another_version_is_refused(data_dir: Path) -> None:
    embedded.ensure_postgres(data_dir)
    embedded.stop(data_dir)
    (data_dir / "postgres/cluster/PG_VERSION").write_text("16\n")
    with pytest.raises(OtherVersion, match=r"PostgreSQL 16; the installed .* 18"):
        embedded.ensure_postgres(data_dir)


def test_failed_start_shows_the_end_of_the_log(data_dir: Path) -> None:
    embedded.ensure(data_dir)
    embedded.stop(data_dir)
    with (data_dir / "postgres/cluster/postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")
    with pytest.raises(StartFailed, match='invalid value for parameter "shared_buffers"'):
        embedded.ensure_postgres(data_dir)
    (manifest,) = data_dir.glob("valkey/appendonlydir/*.manifest")
    manifest.write_text("nonsense\n")
    with pytest.raises(StartFailed, match="Valkey didn't start: it ended at once"):
        embedded.ensure_valkey(data_dir)
