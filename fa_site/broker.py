"""Which workers are alive: each process leaves its mark in Valkey every few seconds."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from dramatiq.middleware import Middleware

from fa_site import garbage
from fa_site.processes import STOP_SECONDS, Child, end_with_parent, is_alive

if TYPE_CHECKING:
    from dramatiq import Broker, Worker

# The work is Python's own, so more processes than cores only wait for each other.
PROCESSES = 2

EVERY_SECONDS = 2
FRESH_SECONDS = 8


class Liveness(Middleware):
    """Marks this worker process as alive until it stops, or is killed and forgotten."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def after_process_boot(self, broker: Broker) -> None:
        # Forked by Dramatiq's main process: a worker must not outlive it.
        end_with_parent(signal.SIGKILL)
        garbage.search_seldom()

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        threading.Thread(target=self._mark, name="liveness", daemon=True).start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._stop.set()
        with suppress(redis.RedisError):  # the mark goes stale by itself
            connection().zrem(_key(), _name())

    def _mark(self) -> None:
        client = connection()
        while not self._stop.is_set():
            # While Valkey is away nobody sees us; to be alive is to be seen when it's back.
            with suppress(redis.RedisError):
                client.zadd(_key(), {_name(): time.time()})
            self._stop.wait(EVERY_SECONDS)


def _key() -> str:
    broker: dict[str, Any] = settings.DRAMATIQ_BROKER
    return f"{broker['OPTIONS']['namespace']}:workers"


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def connection() -> Any:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5, decode_responses=True
    )


def live_workers(client: Any | None = None) -> list[str]:
    """Names of worker processes seen in the last seconds. Raises redis.RedisError when away.

    A process of this machine that was killed is known to be dead before its mark is stale.
    """
    client = client or connection()
    now = time.time()
    client.zremrangebyscore(_key(), "-inf", now - 600)
    names = [str(name) for name in client.zrangebyscore(_key(), now - FRESH_SECONDS, "+inf")]
    return [name for name in names if not _known_dead(name)]


def _known_dead(name: str) -> bool:
    host, _, pid = name.rpartition(":")
    return host == socket.gethostname() and not is_alive(int(pid))


@dataclass
class Crew:
    """Living workers for a while: those that run anyway, else a child of our own."""

    concurrency: int
    child: Child | None = None
    _looked: float = field(default=float("-inf"))

    def keep(self) -> bool:
        """See to it that workers live. True where they had died, with all they were doing.

        Raises redis.RedisError when Valkey is away.
        """
        if self.child is not None:
            return self.child.keep()
        if time.monotonic() - self._looked < EVERY_SECONDS:
            return False
        self._looked = time.monotonic()
        if live_workers():
            return False
        self.child = worker_child(self.concurrency)
        self.child.start()
        return True

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop the workers that were started here, and no others, giving them so long."""
        if self.child is not None:
            self.child.stop(seconds)
            self.child = None


def worker_child(concurrency: int) -> Child:
    """Worker processes as a child, with room for so many items at once."""
    processes = min(PROCESSES, concurrency)
    threads = -(-concurrency // processes)
    arguments = ["work", "--processes", str(processes), "--threads", str(threads)]
    return Child("workers", arguments)
