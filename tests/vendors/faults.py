"""What goes wrong, by script: which calls a fault hits, and what it does to them."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

# What each kind does, and to which calls. ANY: every endpoint.
ANY = frozenset({"*"})
GENERATING = frozenset({"messages", "responses", "chat"})
WRITTEN = GENERATING | {"entry"}
KINDS = {
    "status": ANY,  # `status` with the provider's error body; `retry_after` seconds
    "quota": ANY,  # 429 insufficient_quota; Anthropic's likeness is 402 billing_error
    "outage": ANY,  # `status` 503 for everything until lifted; status=0 hangs up at once
    "hang": ANY,  # `seconds` before anything is said; then as if nothing had been
    "slow": ANY,  # `seconds` more than usual
    "reset": ANY,  # the connection ends before the reply
    "malformed": ANY,  # 200 with half of the JSON; in a stream one event's
    "cut": GENERATING,  # the connection ends in the reply, in a stream after `events`
    "unfinished": GENERATING,  # the stream ends cleanly after `events`, without its last one
    "stream_error": GENERATING,  # an error event after `events`
    "failed": frozenset({"responses"}),  # response.failed after `events`
    "broken_schema": WRITTEN,  # structured output that isn't what the schema says
    "refusal": WRITTEN,
    "truncated": WRITTEN,  # as if max_tokens had been reached half-way
    "usage": WRITTEN | {"embeddings"},  # `usage`: missing, zero, negative, huge; billed as it was
    "entry": frozenset({"entry"}),  # a batch's entry: `result` errored, expired or canceled
    "unknown_outcome": frozenset({"batches.create"}),  # made, and nothing said for `seconds`
}
STREAMED_ONLY = frozenset({"unfinished", "stream_error", "failed"})
BROKEN_OFF = STREAMED_ONLY | {"cut"}
USAGES = ("missing", "zero", "negative", "huge")
RESULTS = ("errored", "expired", "canceled")


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. All of the given conditions must hold:

    ``provider`` ("anthropic", "openai"), ``model``, ``endpoint`` ("messages", "batches.create",
    "batches" for all of them, "entry" for a batch's entry), ``marker`` (in the request's body),
    ``after`` and ``until`` (seconds since the server began). Of the calls that fit, ``nth`` takes
    that one alone (from 1), ``times`` the first so many, ``probability`` a share by ``seed``.
    """

    kind: str
    provider: str | None = None
    model: str | None = None
    endpoint: str | None = None
    marker: str | None = None
    nth: int | None = None
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    after: float | None = None
    until: float | None = None
    status: int | None = None
    retry_after: float | None = None
    message: str | None = None
    seconds: float = 3600.0
    events: int | None = None
    usage: str = "missing"
    result: str = "errored"
    billed: bool = True  # for calls whose client gave up waiting

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault {self.kind!r}; say one of {', '.join(KINDS)}.")
        if self.kind == "status" and self.status is None:
            raise ValueError("A fault of kind 'status' needs a status, such as 429.")
        if self.usage not in USAGES:
            raise ValueError(f"usage={self.usage!r}: say one of {', '.join(USAGES)}.")
        if self.result not in RESULTS:
            raise ValueError(f"result={self.result!r}: say one of {', '.join(RESULTS)}.")

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Fault:
        """Raises ValueError for a row with names that no fault has."""
        known = {each.name for each in fields(cls)}
        if unknown := sorted(set(row) - known):
            raise ValueError(
                f"A fault has no {', '.join(unknown)}; it has {', '.join(sorted(known))}."
            )
        if "kind" not in row:
            raise ValueError(f"A fault needs a kind: one of {', '.join(KINDS)}.")
        return cls(**row)


@dataclass(frozen=True)
class Subject:
    """A call, as a fault sees it; ``at``: seconds since the server began."""

    provider: str
    endpoint: str
    model: str
    body: bytes
    stream: bool
    at: float


class Script:
    """The faults in force, in order: the first that hits a call is the call's."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._running: list[_Running] = []
        self.add(*faults)

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._running += [_Running(fault) for fault in faults]

    def lift(self, fault: Fault) -> None:
        """Ends it: a provider's outage is over."""
        with self._lock:
            self._running = [running for running in self._running if running.fault != fault]

    def clear(self) -> None:
        with self._lock:
            self._running = []

    @property
    def faults(self) -> list[Fault]:
        return [running.fault for running in self._running]

    def hits(self, fault: Fault) -> int:
        """How many calls it has hit so far."""
        return sum(running.hits for running in self._running if running.fault == fault)

    def take(self, subject: Subject) -> Fault | None:
        if not self._running:
            return None
        with self._lock:
            for running in self._running:
                if running.takes(subject):
                    return running.fault
        return None


class _Running:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.hits = 0
        self._seen = 0
        self._dice = random.Random(fault.seed)

    def takes(self, subject: Subject) -> bool:
        if not self._fits(subject):
            return False
        self._seen += 1
        if self.fault.nth is not None and self._seen != self.fault.nth:
            return False
        if self.fault.times is not None and self.hits >= self.fault.times:
            return False
        if self.fault.probability < 1 and self._dice.random() >= self.fault.probability:
            return False
        self.hits += 1
        return True

    def _fits(self, subject: Subject) -> bool:
        fault = self.fault
        return (
            fault.provider in (None, subject.provider)
            and fault.model in (None, subject.model)
            and fault.endpoint in (None, subject.endpoint, subject.endpoint.partition(".")[0])
            and _concerns(fault.kind, subject)
            and (fault.after is None or subject.at >= fault.after)
            and (fault.until is None or subject.at < fault.until)
            and (fault.marker is None or fault.marker.encode() in subject.body)
        )


def _concerns(kind: str, subject: Subject) -> bool:
    if kind in STREAMED_ONLY and not subject.stream:
        return False
    endpoints = KINDS[kind]
    return subject.endpoint != "entry" if endpoints is ANY else subject.endpoint in endpoints
