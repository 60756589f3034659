"""Starting a server that outlives its starter, and telling our processes from others'."""

import os
import subprocess
from pathlib import Path

from .privileges import RunAs

# The shell starts the server in the background, prints its pid and ends, so the server becomes an
# orphan: init reaps it when it dies. A child of ours would stay a zombie, which PostgreSQL takes
# for a live owner of its data folder.
SCRIPT = 'umask 077; log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'


def launch(argv: list[str], *, folder: Path, log: Path, run_as: RunAs, keep_open: int) -> int:
    """Start a server in a session of its own and return its pid.

    `keep_open` is a file descriptor that the server and its children inherit.
    """
    done = subprocess.run(
        ["/bin/sh", "-c", SCRIPT, "sh", str(log), *run_as.prefix, *argv],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        pass_fds=(keep_open,),
        start_new_session=True,  # Ctrl-C in our terminal must not reach the server
        user=run_as.uid,
        group=run_as.gid,
        extra_groups=run_as.groups,
        check=True,
    )
    return int(done.stdout)


def clean_environment() -> dict[str, str]:
    """Ours without PostgreSQL's variables, and with messages in the language we can read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process is a server of this folder, and not another that got the same pid.

    Both servers make their data folder their working folder. Where that can't be seen (no /proc,
    or another user's process), their command line names it.
    """
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    except OSError:
        return str(folder) in _command_line(pid)


def _command_line(pid: int) -> str:
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        pass
    if Path("/proc/self").exists():
        return ""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
    )
    return listed.stdout.decode(errors="replace")
