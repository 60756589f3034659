"""PostgreSQL and Valkey of this project's own, under its data folder.

No Django here: settings ask for the addresses. The servers outlive whoever started them, until
`stop`. Each data folder has servers, ports and passwords of its own.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from .errors import EmbeddedError
from .postgres import Postgres
from .server import Status
from .valkey import Valkey

__all__ = [
    "EmbeddedError",
    "Services",
    "Status",
    "default_data_dir",
    "ensure",
    "ensure_postgres",
    "ensure_valkey",
    "status",
    "stop",
]


@dataclass(frozen=True)
class Services:
    database_url: str = field(repr=False)  # both hold passwords
    redis_url: str = field(repr=False)


def default_data_dir() -> Path:
    """`FA_DATA_DIR`, or `.data` in the project."""
    named = os.environ.get("FA_DATA_DIR")
    return Path(named) if named else Path(__file__).resolve().parents[2] / ".data"


def ensure(data_dir: Path) -> Services:
    """The addresses of the data folder's servers, which are started if they don't run.

    Any number of processes may call it at once. Raises EmbeddedError, which says what to do.
    """
    return Services(database_url=ensure_postgres(data_dir), redis_url=ensure_valkey(data_dir))


def ensure_postgres(data_dir: Path) -> str:
    return Postgres(data_dir).ensure()


def ensure_valkey(data_dir: Path) -> str:
    return Valkey(data_dir).ensure()


def stop(data_dir: Path) -> bool:
    """Stop both servers cleanly and wait for their end. False if neither was running."""
    stopped = [Valkey(data_dir).stop(), Postgres(data_dir).stop()]
    return any(stopped)


def status(data_dir: Path) -> tuple[Status, Status]:
    return Postgres(data_dir).status(), Valkey(data_dir).status()
