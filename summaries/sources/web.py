"""One HTTP request to a source, made so that nothing the other side does can hurt us.

Limits on time (in all, not only between two bytes), on size after decompression and on
redirects; whatever happens to the connection is an Unavailable. What a status or a body
means is each adapter's own: it passes a ``judge`` that raises for what isn't an answer.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx2
import redis

from fa_site.pace import Pace, TurnTooFar
from summaries.sources.errors import Blocked, Malformed, SourceError, Unavailable

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Reply:
    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")

    @property
    def retry_after(self) -> float | None:
        return retry_after(self.headers)


Judge = Callable[[Reply], None]


@dataclass(frozen=True)
class Web:
    """A source's web side. One a process: it keeps connections open and may be used by threads.

    ``seconds``: for a whole reply. ``attempts``: in all, for what may work later.
    """

    source: str
    judge: Judge
    pace: Pace | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 60.0
    most_bytes: int = 64 * MEGABYTE
    attempts: int = 3
    first_pause: float = 0.5
    auth: httpx2.Auth | None = None
    client: httpx2.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        limits = httpx2.Limits(max_connections=10, max_keepalive_connections=10)
        timeout = httpx2.Timeout(min(20.0, self.seconds), connect=min(10.0, self.seconds))
        client = httpx2.Client(
            headers=dict(self.headers), timeout=timeout, limits=limits, auth=self.auth,
            follow_redirects=True, max_redirects=3, trust_env=False,
        )  # fmt: skip
        object.__setattr__(self, "client", client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, url: str, **given: Any) -> Reply:
        """See ``ask``."""
        return self.ask("GET", url, **given)

    def ask(self, method: str, url: str, **given: Any) -> Reply:
        """``given``: params, headers, json, data, as the client takes them.

        Raises what the judge raises, Unavailable, Malformed for what is too large, Blocked
        while the source is to be left alone. What may work later is asked again, with
        growing pauses, ``attempts`` times in all; a Blocked never is.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                return self._once(method, url, given)
            except Blocked as error:
                self._hold(error)
                raise
            except SourceError as error:
                if error.permanent or attempt == self.attempts:
                    raise
                pause = error.retry_after or self.first_pause * 2 ** (attempt - 1)
                if pause > self.seconds:
                    raise
                time.sleep(pause * random.uniform(1, 1.5))  # noqa: S311 - spreads workers out
        raise AssertionError("attempts must be at least 1")

    def _once(self, method: str, url: str, given: dict[str, Any]) -> Reply:
        self._wait()
        until = time.monotonic() + self.seconds
        try:
            with self.client.stream(method, url, **given) as response:
                content = self._read(response, until)
                headers = {name.lower(): value for name, value in response.headers.items()}
                reply = Reply(str(response.url), response.status_code, headers, content)
        except (httpx2.RequestError, httpx2.InvalidURL, httpx2.StreamError) as error:
            # The error's own words may hold the address, and that may hold credentials.
            raise Unavailable(
                f"{self.source} didn't answer ({type(error).__name__})", source=self.source
            ) from error
        self.judge(reply)
        return reply

    def _read(self, response: httpx2.Response, until: float) -> bytes:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self.most_bytes:
                raise Malformed(
                    f"{self.source} sent more than {self.most_bytes // MEGABYTE} MB",
                    source=self.source,
                )
            if time.monotonic() > until:
                raise Unavailable(
                    f"{self.source} took longer than {self.seconds:.0f} s to send a reply",
                    source=self.source,
                )
        return bytes(body)

    def _wait(self) -> None:
        if self.pace is None:
            return
        try:
            self.pace.wait()
        except TurnTooFar as error:
            raise Blocked(str(error), source=self.source, retry_after=error.seconds) from error
        except redis.RedisError as error:
            # Without the shared count a burst of workers could get all of us shut out.
            raise Unavailable(
                f"Valkey is away, and with it the pace kept with {self.source}", source=self.source
            ) from error

    def _hold(self, error: Blocked) -> None:
        if self.pace is None or not error.retry_after or isinstance(error.__cause__, TurnTooFar):
            return
        try:
            self.pace.hold(error.retry_after)
        except redis.RedisError:
            return  # then nobody gets a turn anyway


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date; None without one."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
