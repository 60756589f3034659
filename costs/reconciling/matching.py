"""Which billed request is which call whose end we never learned. Pure.

Its ids are of no help: whoever died waiting knew none. So a line is taken for the call of the
same model, sent shortly before it, whose expected length is the nearest; one to one, nearest
first, the same each time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from costs.reconciling.lines import EARLIEST, LATEST, BilledRequest

# A length so many times longer or shorter than expected is another call's.
FURTHEST = 3


@dataclass(frozen=True)
class Waiting:
    """A call without a known end. ``prompt``: its expected length, 0 where nobody counted."""

    pk: int
    provider: str
    model: str
    is_batch: bool
    sent_at: datetime
    prompt: int
    request_id: str = ""
    response_id: str = ""


def alike(lines: Iterable[BilledRequest], calls: Iterable[Waiting]) -> dict[int, int]:
    """A line's number to the call's pk."""
    by_kind: dict[tuple[str, str, bool], list[BilledRequest]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: (one.at, one.number)):
        by_kind[line.provider, line.model, line.is_batch].append(line)
    pairs = [
        (_distance(line, call), line.at - call.sent_at, call.pk, line.number)
        for call in calls
        for line in _near(by_kind[call.provider, call.model, call.is_batch], call)
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, pk, number in sorted(pairs):
        if number not in found and pk not in taken:
            found[number] = pk
            taken.add(pk)
    return found


def _near(lines: Sequence[BilledRequest], call: Waiting) -> Iterator[BilledRequest]:
    """``lines``: by time."""
    start = bisect_left(lines, call.sent_at - EARLIEST, key=lambda line: line.at)
    for line in lines[start:]:
        if line.at > call.sent_at + LATEST[call.is_batch]:
            return
        if _may_be(line, call):
            yield line


def _may_be(line: BilledRequest, call: Waiting) -> bool:
    for known, told in (
        (call.request_id, line.request_id),
        (call.response_id, line.response_id),
    ):
        if known and told and known != told:
            return False
    actual = line.tokens.prompt
    return call.prompt == 0 or (
        call.prompt <= actual * FURTHEST and actual <= call.prompt * FURTHEST
    )


def _distance(line: BilledRequest, call: Waiting) -> int:
    return abs(line.tokens.prompt - call.prompt) if call.prompt else 0
