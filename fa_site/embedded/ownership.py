"""Files that root makes in somebody's folder belong to the folder's owner.

So the owner can go on without root, and PostgreSQL, which never runs as root, can write there.
"""

import os
from pathlib import Path


def give_to_owner(file: int | Path, folder: Path) -> None:
    """`file` is a path or an open file's descriptor. Nothing happens unless we are root."""
    if os.geteuid() != 0:
        return
    owner = folder.stat()
    os.chown(file, owner.st_uid, owner.st_gid)
