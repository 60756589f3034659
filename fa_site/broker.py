"""Which workers are alive: each process leaves its mark in Valkey every few seconds."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from dramatiq.middleware import Middleware

if TYPE_CHECKING:
    from dramatiq import Broker, Worker

KEY = "fa:workers"
EVERY_SECONDS = 2
FRESH_SECONDS = 8


class Liveness(Middleware):
    """Marks this worker process as alive until it stops, or is killed and forgotten."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        threading.Thread(target=self._mark, name="liveness", daemon=True).start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._stop.set()

    def _mark(self) -> None:
        client = connection()
        name = f"{socket.gethostname()}:{os.getpid()}"
        while not self._stop.is_set():
            # With Valkey away, to be alive is to be seen again when it's back.
            with contextlib.suppress(redis.RedisError):
                client.zadd(KEY, {name: time.time()})
            self._stop.wait(EVERY_SECONDS)
        try:
            client.zrem(KEY, name)
        except redis.RedisError:
            return


def connection() -> Any:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5, decode_responses=True
    )


def live_workers(client: Any | None = None) -> list[str]:
    """Names of worker processes seen in the last seconds. Raises redis.RedisError when away."""
    client = client or connection()
    now = time.time()
    client.zremrangebyscore(KEY, "-inf", now - 600)
    return [str(name) for name in client.zrangebyscore(KEY, now - FRESH_SECONDS, "+inf")]
