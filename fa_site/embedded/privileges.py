"""As whom a PostgreSQL program runs. PostgreSQL refuses to run as root.

An ordinary user runs it as themselves. Root runs it in a user namespace in which it has an
ordinary number: outside, files and processes stay root's, so it works below a closed home folder,
and no parent folder and no system user is touched. Where user namespaces are refused (most
containers) it runs as `nobody`, which must then own the server's folder and be able to reach it.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import binaries
from .errors import RootRefused

# Any number but 0: it exists inside the namespace only.
INNER_ID = 1000


@dataclass(frozen=True)
class RunAs:
    prefix: tuple[str, ...] = ()
    uid: int | None = None  # None: unchanged
    gid: int | None = None

    @property
    def groups(self) -> tuple[int, ...] | None:
        return None if self.uid is None else ()


def postgres_owner(folder: Path) -> RunAs:
    """How to run PostgreSQL on a folder that exists, and is root's if root has just made it.

    Raises RootRefused if there is no way.
    """
    if os.geteuid() != 0:
        return RunAs()
    owner = folder.stat()
    if owner.st_uid != 0:
        return RunAs(uid=owner.st_uid, gid=owner.st_gid)
    return _in_namespace() or _as_nobody(folder)


def _in_namespace() -> RunAs | None:
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    prefix = (unshare, "--user", f"--map-user={INNER_ID}", f"--map-group={INNER_ID}", "--")
    tried = subprocess.run([*prefix, "/bin/sh", "-c", ":"], capture_output=True, check=False)
    return RunAs(prefix=prefix) if tried.returncode == 0 else None


def _as_nobody(folder: Path) -> RunAs:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise RootRefused("there is no user `nobody`") from None
    run_as = RunAs(uid=nobody.pw_uid, gid=nobody.pw_gid)
    # Our own folder may be opened for passage; whoever else's is above it stays as it is.
    folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
    _check_reach(run_as, folder)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return run_as


def _check_reach(run_as: RunAs, folder: Path) -> None:
    program = binaries.postgres("postgres")
    script = 'cd "$1" && exec "$2" --version'
    try:
        subprocess.run(
            ["/bin/sh", "-c", script, "sh", str(folder.parent), str(program)],
            user=run_as.uid,
            group=run_as.gid,
            extra_groups=run_as.groups,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        raise RootRefused(
            f"the user `nobody` can't reach {folder.parent} or can't run {program}: a parent "
            "folder is closed to others, or this root may not become another user"
        ) from None
