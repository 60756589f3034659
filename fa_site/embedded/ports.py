"""Free ports on the loopback address."""

import random
import socket

from .errors import EmbeddedError

# Below the ports that systems give to outgoing connections (from 32768 on Linux): there, a
# stopped server's port would soon be somebody else's and the addresses would change.
PORTS = range(20_000, 32_000)
ATTEMPTS = 200


def choose(preferred: int) -> int:
    """The preferred port if it is free, so that addresses outlive a restart; else another."""
    if preferred and is_free(preferred):
        return preferred
    for port in random.sample(PORTS, ATTEMPTS):
        if is_free(port):
            return port
    raise EmbeddedError(f"No free port between {PORTS.start} and {PORTS.stop} on 127.0.0.1.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: connections of the last run, still in TIME_WAIT, don't count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
