"""One door to FactSet for all threads: credentials, turns and seats, waiting, asking again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import redis

from fa_site.pace import Pace
from summaries.sources.errors import Blocked, Unavailable
from summaries.sources.factset.access import Basic, OAuth2, checked_url
from summaries.sources.factset.replies import SOURCE, Unauthorised, judge, pause_asked
from summaries.sources.seats import NoSeat, Seats
from summaries.sources.web import Reply, Web

# FactSet allows 10 requests a second and 10 at once, a user. A burst of one: what is between a
# turn and its arrival there bunches requests up, and the two left over are for that.
PACE = Pace(SOURCE, per_second=8, burst=1, longest_wait=30.0)
SEATS = Seats(SOURCE, most=8)

Access = Basic | OAuth2


@dataclass(frozen=True)
class Door:
    """``seconds``: for a whole reply. ``attempts``: in all, for what may work later.
    ``patience``: seconds that a request may wait in all, for its turn and between attempts."""

    base: str
    access: Access
    pace: Pace | None = PACE
    seats: Seats | None = SEATS
    seconds: float = 60.0
    attempts: int = 3
    first_pause: float = 0.5
    patience: float = 120.0
    web: Web = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", checked_url(self.base, "FA_FACTSET_URL"))
        web = Web(
            SOURCE, self._judge, pace=self.pace, headers={"Accept": "application/json"},
            seconds=self.seconds, attempts=1,
        )  # fmt: skip
        object.__setattr__(self, "web", web)

    def close(self) -> None:
        self.web.client.close()
        self.access.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Reply:
        """See ``_ask``."""
        return self._ask("GET", path, {"params": dict(query or {})})

    def post(self, path: str, body: Mapping[str, Any]) -> Reply:
        """See ``_ask``."""
        return self._ask("POST", path, {"json": body})

    def _ask(self, method: str, path: str, given: dict[str, Any]) -> Reply:
        """Raises what ``judge`` and Web raise, once patience or attempts are at an end."""
        until, failures = time.monotonic() + self.patience, 0
        while True:
            try:
                return self._with_badge(method, self.base + path, given)
            except Blocked as error:
                pause = error.retry_after or self.first_pause
                if time.monotonic() + pause > until:
                    raise
            except Unavailable as error:
                failures += 1
                pause = error.retry_after or self.first_pause * 2 ** (failures - 1)
                if failures >= self.attempts or time.monotonic() + pause > until:
                    raise
            time.sleep(max(pause, 0.02) * random.uniform(1, 1.25))  # noqa: S311 - spreads workers out

    def _with_badge(self, method: str, url: str, given: dict[str, Any]) -> Reply:
        badge = self.access.badge()
        try:
            with self._seat():
                return self.web.ask(method, url, auth=badge, **given)
        except Unauthorised:
            if not self.access.renewed(badge):
                raise
        badge = self.access.badge()
        with self._seat():
            return self.web.ask(method, url, auth=badge, **given)

    @contextmanager
    def _seat(self) -> Iterator[None]:
        if self.seats is None:
            yield
            return
        try:
            with self.seats.taken(within=self.patience / 2):
                yield
        except NoSeat:
            raise Blocked(
                "All requests that FactSet allows at once are under way", source=SOURCE,
                retry_after=1.0,
            ) from None  # fmt: skip
        except redis.RedisError as error:
            raise Unavailable(
                "Valkey is away, and with it the count of requests to FactSet", source=SOURCE
            ) from error

    def _judge(self, reply: Reply) -> None:
        if self.pace is not None and (pause := pause_asked(reply.headers)):
            with suppress(redis.RedisError):  # then nobody gets a turn anyway
                self.pace.hold(pause)
        judge(reply, self.access.clean)
