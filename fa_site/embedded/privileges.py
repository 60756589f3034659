"""As whom a server runs. PostgreSQL refuses to run as root.

An ordinary user runs it as themselves, and root runs it as its folder's owner. If that is root too,
it runs in a user namespace in which it has an ordinary number: outside, files and processes stay
root's, so it works below a closed home folder, and no parent folder and no system user is touched.
Where user namespaces are refused (most containers) it runs as `nobody`, which must then own the
server's folder and be able to reach it.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import binaries
from .errors import RootRefused


@dataclass(frozen=True)
class RunAs:
    prefix: tuple[str, ...] = ()
    uid: int | None = None  # None: unchanged
    gid: int | None = None

    @property
    def groups(self) -> tuple[int, ...] | None:
        return None if self.uid is None else ()


def folder_owner(folder: Path) -> RunAs:
    """Root steps down to a folder's owner, who can then go on without root."""
    owner = folder.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return RunAs()
    return RunAs(uid=owner.st_uid, gid=owner.st_gid)


def never_root(folder: Path) -> RunAs:
    """How to run PostgreSQL on a folder: as its owner, and if that is root, by one of the detours.

    Raises RootRefused if there is no way.
    """
    if os.geteuid() != 0 or folder.stat().st_uid != 0:
        return folder_owner(folder)
    return _in_namespace() or _as_nobody(folder)


def _in_namespace() -> RunAs | None:
    # Inside, root seems to be `nobody`: any number would do for the server, but initdb wants one
    # that has a name.
    unshare = shutil.which("unshare")
    inner = _nobody()
    if unshare is None or inner is None:
        return None
    ids = (f"--map-user={inner.pw_uid}", f"--map-group={inner.pw_gid}")
    prefix = (unshare, "--user", *ids, "--")
    tried = subprocess.run([*prefix, "/bin/sh", "-c", ":"], capture_output=True, check=False)
    return RunAs(prefix=prefix) if tried.returncode == 0 else None


def _as_nobody(folder: Path) -> RunAs:
    nobody = _nobody()
    if nobody is None:
        raise RootRefused("there is no user `nobody`")
    run_as = RunAs(uid=nobody.pw_uid, gid=nobody.pw_gid)
    # Our own folder may be opened for passage; whoever else's is above it stays as it is.
    folder.parent.chmod(folder.parent.stat().st_mode | 0o001)
    _check_reach(run_as, folder)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return run_as


def _nobody() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return None


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
