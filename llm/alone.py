"""A process's own small share of a provider's limits, for as long as Valkey is away."""

from __future__ import annotations

import threading
import time

# As if so many processes shared the limits. Nobody can count them then.
PROCESSES = 10


class Alone:
    """Seats and two buckets, as admit.lua keeps them for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seats = 0
        self._request_turn = self._token_turn = 0.0
        self._token_seconds = 0.0

    def admit(self, seats: int, requests: int, tokens: int, wanted: int) -> float | None:
        """None: go. Else the seconds to wait. Limits are those of all machines."""
        request_seconds = 60 * PROCESSES / requests
        with self._lock:
            now = time.monotonic()
            self._token_seconds = 60 * PROCESSES / tokens
            if self._seats >= max(1, seats // PROCESSES):
                return 0.05
            if (wait := max(self._request_turn, self._token_turn) - now) > 0:
                return wait
            self._seats += 1
            self._request_turn = now + request_seconds
            self._token_turn = now + self._token_seconds * wanted
            return None

    def leave(self, back: int) -> None:
        """``back``: tokens that weren't used."""
        with self._lock:
            self._seats -= 1
            self._token_turn -= self._token_seconds * back
