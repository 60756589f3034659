"""What is asked of FactSet, cut to its limits; and one bad id parted from the good ones."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from summaries.sources.errors import Refused
from summaries.sources.factset.replies import SOURCE, Rejected
from summaries.sources.factset.rows import Problem
from summaries.sources.web import Reply

# Our own cap on rows in one reply; FactSet limits ids only. Keeps a reply far below 30 s, its
# time-out, and below Web's limit on size (a row is about 250 bytes). A batch may run 20 minutes.
PLAIN_ROWS = 20_000
BATCH_ROWS = 150_000
# A batch waits in a queue: below so many plain requests it isn't worth it.
PLAIN_BEFORE_BATCH = 4

MOST_ASKS = 64  # to find bad ids in one request that FactSet doesn't name
HOPELESS = 16  # that many refusals and nothing else: it isn't the ids


@dataclass(frozen=True)
class Endpoint:
    """``most``: ids a request; ``batched``: ids a batch, 0 where there are none."""

    folder: str
    name: str
    wrapped: bool
    most: int
    batched: int = 0

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}"


_FUNDAMENTALS, _PRICES = "/factset-fundamentals/v2", "/factset-global-prices/v1"
_ESTIMATES = "/factset-estimates/v2"
# Prices of a single day and of several have limits of their own.
ENDPOINTS = {
    "fundamentals": Endpoint(_FUNDAMENTALS, "fundamentals", True, 250, 5000),
    "day-prices": Endpoint(_PRICES, "prices", False, 500, 2000),
    "prices": Endpoint(_PRICES, "prices", False, 50, 50),
    "rolling-consensus": Endpoint(_ESTIMATES, "rolling-consensus", False, 3000),
    "fixed-consensus": Endpoint(_ESTIMATES, "fixed-consensus", False, 3000),
    "consensus-ratings": Endpoint(_ESTIMATES, "consensus-ratings", False, 3000),
}
METRICS_PATH = f"{_FUNDAMENTALS}/metrics"
ESTIMATE_METRICS_PATH = f"{_ESTIMATES}/metrics"


@dataclass(frozen=True)
class Request:
    """``kind``: a key of ENDPOINTS; ``given``: the rest of the body, in JSON's types."""

    kind: str
    ids: tuple[str, ...]
    given: Mapping[str, Any]
    batch: bool = False

    @property
    def endpoint(self) -> Endpoint:
        return ENDPOINTS[self.kind]

    @property
    def body(self) -> dict[str, Any]:
        body = {"ids": list(self.ids), **self.given}
        if self.endpoint.batched:
            body["batch"] = "Y" if self.batch else "N"
        return {"data": body} if self.endpoint.wrapped else body

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self.given.get("metrics", ()))

    def of(self, ids: Sequence[str]) -> Request:
        """The same of fewer ids; no batch where they fit into a plain request."""
        return replace(self, ids=tuple(ids), batch=self.batch and len(ids) > self.endpoint.most)


@dataclass(frozen=True)
class BatchTicket:
    """A batch that FactSet has accepted; with it another worker can fetch the result."""

    id: str
    what: Request

    def to_json(self) -> str:
        what = self.what
        return json.dumps(
            {"id": self.id, "kind": what.kind, "ids": what.ids, "given": dict(what.given)}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError for what ``to_json`` didn't write."""
        try:
            kept = json.loads(text)
            what = Request(kept["kind"], tuple(kept["ids"]), dict(kept["given"]), batch=True)
            if what.endpoint.batched:
                return cls(str(kept["id"]), what)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("not a batch ticket") from error
        raise ValueError("not a batch ticket")


def planned(kind: str, ids: Sequence[str], given: Mapping[str, Any]) -> list[Request]:
    """Requests for all ``ids``, each within the limits; batches where plain ones are many."""
    endpoint = ENDPOINTS[kind]
    plain = plainly(kind, ids, given)
    if not endpoint.batched or len(plain) <= PLAIN_BEFORE_BATCH:
        return plain
    batches = _chunks(ids, min(endpoint.batched, max(1, BATCH_ROWS // rows_each(given))))
    if len(batches) > len(plain) // 2:
        return plain
    return [Request(kind, chunk, given, batch=True) for chunk in batches]


def plainly(kind: str, ids: Sequence[str], given: Mapping[str, Any]) -> list[Request]:
    """The same without batches, which not every licence has."""
    most = min(ENDPOINTS[kind].most, max(1, PLAIN_ROWS // rows_each(given)))
    return [Request(kind, chunk, given) for chunk in _chunks(ids, most)]


def rows_each(given: Mapping[str, Any]) -> int:
    """About how many rows a request gives for each id: metrics times dates times periods."""
    return len(given.get("metrics", " ")) * _dates(given) * _periods(given)


def _dates(given: Mapping[str, Any]) -> int:
    if not given.get("startDate") or not given.get("endDate"):
        return 1
    return _days(given["startDate"], given["endDate"]) // _STEPS.get(given["frequency"], 1) + 1


def _periods(given: Mapping[str, Any]) -> int:
    if span := given.get("fiscalPeriod"):
        return _days(span["start"], span["end"]) // _STEPS[given["periodicity"][:3]] + 1
    if "relativeFiscalStart" in given:
        return int(given["relativeFiscalEnd"]) - int(given["relativeFiscalStart"]) + 1
    return 8 if "fiscalPeriodStart" in given else 1


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


# Days of a step of a frequency or a periodicity, at least.
_STEPS = {
    "D": 1, "AD": 1, "W": 7, "M": 28, "AM": 28, "AQ": 90, "CQ": 90, "ASA": 181, "CSA": 181,
    "AY": 365, "CY": 365, "ANN": 360, "QTR": 84, "SEM": 175, "LTM": 84, "YTD": 84,
}  # fmt: skip


def _chunks(ids: Sequence[str], most: int) -> list[tuple[str, ...]]:
    return [tuple(ids[place : place + most]) for place in range(0, len(ids), most)]


def parted(
    what: Request,
    ask: Callable[[Request], Reply],
    *,
    known_good: bool = False,
    refusal: Rejected | None = None,
) -> Iterator[tuple[Request, Reply] | Problem]:
    """Replies for all ids but those that FactSet refuses, which come as problems.

    Named ones are left out; unnamed ones are looked for by halves, largest first, so that one
    bad id costs two requests a level. ``known_good``: the same was answered for other ids, so
    it can only be these; ``refusal``: of all of it, where it was asked for already. Raises
    Rejected where nothing was answered and no id named, and what ``ask`` raises.
    """
    waiting, asks, fruitless = deque([what.ids]), 0, not known_good
    first, problems = refusal, list[Problem]()
    while waiting and asks < MOST_ASKS and not (fruitless and asks >= HOPELESS):
        part, asks = what.of(waiting.popleft()), asks + 1
        try:
            if refusal is not None and asks == 1:
                raise refusal
            reply = ask(part)
        except Rejected as error:
            if not error.is_of_ids:
                raise
            first = first or error
            named = error.named(part.ids)
            if named or len(part.ids) == 1:
                problems.append(Problem(named or part.ids, "rejected", str(error)))
            if named:
                fruitless = False
                waiting.extendleft(_others(part.ids, named))
            else:
                waiting.extend(_halves(part.ids))
        else:
            fruitless = False
            yield part, reply
    if first is not None and fruitless:
        raise first
    yield from problems
    if left := tuple(one for part in waiting for one in part):
        yield Problem(left, "rejected", f"Not looked into further: {first}")


def _others(ids: tuple[str, ...], named: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if rest := tuple(one for one in ids if one not in named):
        yield rest


def _halves(ids: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if len(ids) > 1:
        middle = len(ids) // 2
        yield from (ids[:middle], ids[middle:])


def clean_ids(ids: Sequence[str]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Each id once, in order; what can't be one isn't sent."""
    if isinstance(ids, str):
        raise TypeError("ids must be a list of ids, not a text")
    once = tuple(dict.fromkeys(ids))
    good = tuple(one for one in once if _is_id(one))
    bad = tuple(str(one) for one in once if not _is_id(one))
    said = "An id is printable, without spaces or commas, of at most 50 characters"
    return good, (Problem(bad, "notAnId", said),) if bad else ()


def _is_id(one: object) -> bool:
    return (
        isinstance(one, str) and 0 < len(one) <= 50 and one.isascii() and one.isprintable()
        and not set(one) & set(' ,"')
    )  # fmt: skip


def one_of(name: str, value: str, options: str) -> str:
    """``value``; raises ValueError that names what it may be."""
    if value not in options.split():
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(options.split())}")
    return value


def refused(message: str) -> Refused:
    return Refused(message, source=SOURCE)
