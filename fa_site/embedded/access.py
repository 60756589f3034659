"""How to reach a server: its port and password, kept in `server.json` of the server's folder.

Invariant: the file is readable by its owner alone and replaced in one step, so a reader sees the
old or the new content whole. Passwords stay out of `repr`, and so out of logs and error reports.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from .errors import FolderUnusable
from .ownership import give_to_owner

FILE_NAME = "server.json"


@dataclass(frozen=True)
class Access:
    password: str = field(repr=False)
    port: int = 0  # 0 before the first start


def new() -> Access:
    return Access(password=secrets.token_urlsafe(24))


def read(folder: Path) -> Access | None:
    """None if the server has never been made; raises FolderUnusable if the file can't be read."""
    path = folder / FILE_NAME
    try:
        content = json.loads(path.read_text())
        return Access(password=str(content["password"]), port=int(content["port"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        reason = f"{FILE_NAME} can't be read ({type(error).__name__})"
        raise FolderUnusable(folder, reason) from None


def write(folder: Path, access: Access) -> None:
    staged = folder / f"{FILE_NAME}.new"
    content = json.dumps({"port": access.port, "password": access.password})
    try:
        write_private(staged, content)
        staged.replace(folder / FILE_NAME)
    except OSError as error:
        raise FolderUnusable(folder, error) from error


def write_private(path: Path, content: str) -> None:
    """Write a file only its folder's owner can read, and wait until it is on the disk."""
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    # Paths are bytes to the system; they may not fit the terminal's encoding.
    with open(fd, "w", encoding="utf-8", errors="surrogateescape") as file:
        give_to_owner(fd, path.parent)
        file.write(content)
        file.flush()
        os.fsync(fd)
