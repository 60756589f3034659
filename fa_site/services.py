"""Where the database and Valkey are: those the environment names, or our embedded ones.

Called before the settings are read, by every process of the project. A server
that ``DATABASE_URL`` or ``REDIS_URL`` names is never started or stopped by us.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from fa_site import embedded
from fa_site.embedded import EmbeddedError as ServicesError

__all__ = ["BASE_DIR", "ServicesError", "attach", "data_dir", "local_secret"]

BASE_DIR = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The folder of embedded servers and local secrets: FA_DATA_DIR, or .data of the project."""
    return Path(os.environ.get("FA_DATA_DIR") or BASE_DIR / ".data").resolve()


def attach() -> None:
    """Put DATABASE_URL and REDIS_URL into the environment, starting what isn't running.

    Raises ServicesError with what to do where an embedded server can't start.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded.ensure_postgres(data_dir())
        os.environ["FA_EMBEDDED_POSTGRES"] = "yes"
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = embedded.ensure_valkey(data_dir())
        os.environ["FA_EMBEDDED_VALKEY"] = "yes"


def revive() -> None:
    """Start again an embedded server that died; outside servers are left to their owners."""
    if os.environ.get("FA_EMBEDDED_POSTGRES"):
        embedded.ensure_postgres(data_dir())
    if os.environ.get("FA_EMBEDDED_VALKEY"):
        embedded.ensure_valkey(data_dir())


def local_secret(name: str) -> str:
    """A secret made once for this checkout and kept, readable by its owner only."""
    path = data_dir() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked whole: of two who make it at once one wins, and nobody
        # reads half of it. Such a file is its owner's alone from the start.
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{name}.")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()
