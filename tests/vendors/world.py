"""What both providers share: options, the clock, the faults, the invoice, the log of requests."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import count as counting
from typing import Any

from tests.vendors.author import Author, answer
from tests.vendors.caching import MINIMUM, MINIMUM_OTHERWISE, Cache, Input
from tests.vendors.delivery import Pace
from tests.vendors.faults import Fault, Script, Subject
from tests.vendors.invoice import Invoice, Line
from tests.vendors.prices import PRICES, Price
from tests.vendors.tokens import counter
from tests.vendors.wire import Connection


@dataclass
class Options:
    """How the models behave. ``latency``: seconds to a whole reply of a model (counts, files and
    batches are answered at once); ``first_token``: to a stream's
    first event (``latency`` where None); ``pace``: seconds a token of a stream. ``tokens``:
    "pieces" or "approximate". ``thinking``: words of thinking where a request allows it.
    ``words``: of text in an event of a stream. ``batch_seconds``: from a batch's creation to its
    end. ``results``: a batch's results "shuffled", "asked" or "reversed". ``bill_abandoned``:
    whether a call whose client left before the reply is billed, as the model had finished.
    ``implicit_writes``: whether OpenAI's automatic cache reports writes. ``keep``: requests that
    the log holds."""

    latency: float = 0.0
    first_token: float | None = None
    pace: float = 0.0
    tokens: str = "pieces"
    author: Author = answer
    thinking: int = 0
    words: int = 4
    batch_seconds: float = 0.0
    results: str = "shuffled"
    bill_abandoned: bool = True
    implicit_writes: bool = False
    prices: Sequence[Price] = PRICES
    cache_minimum: Mapping[str, int] = field(default_factory=lambda: dict(MINIMUM))
    keep: int = 2000

    def change(self, **changes: Any) -> None:
        """Raises ValueError for a name that no option has."""
        known = {each.name for each in fields(self)}
        if unknown := sorted(set(changes) - known):
            raise ValueError(
                f"There is no option {', '.join(unknown)}; there is {', '.join(known)}."
            )
        for name, value in changes.items():
            setattr(self, name, value)


class Clock:
    """The providers' time: the machine's, moved where a test wants it."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """``moment``: aware. The clock goes on from there."""
        self._offset = moment - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Asked:
    """A request as it came in; ``at``: seconds on the monotonic clock."""

    provider: str
    endpoint: str
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    model: str
    request_id: str
    at: float


class World:
    """One site's state. Touched by the server's thread, and by the test's through its methods."""

    def __init__(self, options: Options, script: Script) -> None:
        self.options = options
        self.script = script
        self.clock = Clock()
        self.invoice = Invoice(options.prices)
        self.asked: deque[Asked] = deque(maxlen=options.keep)
        self.requests = 0
        self.under_way = 0
        self.caches = {"anthropic": Cache(), "openai": Cache()}
        self.failures: list[BaseException] = []
        self.connections: set[Connection] = set()
        self.kept: list[dict[str, Any]] = []  # batches and files of both providers
        self.url = ""
        self.count = counter(options.tokens)
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._run = secrets.token_hex(4)
        self._numbers = counting(1)
        self._tokenizer = options.tokens

    def new_id(self, prefix: str) -> str:
        """Never used before, by this server or another."""
        return f"{prefix}{self._run}{next(self._numbers):014x}"

    def change(self, **changes: Any) -> None:
        self.options.change(**changes)
        if self.options.tokens != self._tokenizer:
            self.count, self._tokenizer = counter(self.options.tokens), self.options.tokens

    @property
    def pace(self) -> Pace:
        options = self.options
        return Pace(options.latency, options.first_token, options.pace, options.bill_abandoned)

    @property
    def age(self) -> float:
        return time.monotonic() - self._began

    def fault(
        self, provider: str, endpoint: str, model: str, body: bytes, stream: bool
    ) -> Fault | None:
        return self.script.take(Subject(provider, endpoint, model, body, stream, self.age))

    def cache_minimum(self, model: str) -> int:
        return self.options.cache_minimum.get(model, MINIMUM_OTHERWISE)

    def bill(
        self,
        provider: str,
        model: str,
        ids: tuple[str, str],
        told: Input,
        output: int,
        *,
        status: str = "ok",
        batch: bool = False,
        tier: str = "standard",
        reference: str = "",
    ) -> None:
        """``ids``: of the request and of the response."""
        line = Line(
            provider=provider,
            model=model,
            request_id=ids[0],
            response_id=ids[1],
            time=self.clock.now(),
            batch=batch,
            service_tier="batch" if batch else tier,
            input_tokens=told.fresh,
            output_tokens=output,
            cache_write_5m_tokens=told.write_short,
            cache_write_1h_tokens=told.write_long,
            cache_read_tokens=told.read,
            status=status,
            reference=reference,
        )
        with self._lock:
            self.invoice.add(line)

    def reset(self) -> None:
        """As new: no faults, no bill, no log, no batches, empty caches; options and clock stay."""
        self.script.clear()
        self.invoice = Invoice(self.options.prices)
        self.asked.clear()
        self.requests = 0
        self._began = time.monotonic()
        for cache in self.caches.values():
            cache.clear()
        for store in self.kept:
            store.clear()
