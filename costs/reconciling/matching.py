"""Which billed request is which call whose end we never learned. Pure.

Its ids are of no help: whoever died waiting knew none. So a line is taken for the call of the
same model, sent shortly before it, whose expected length is the nearest; one to one, nearest
first, the same each time. Where the nearest call would leave an earlier line without any, it is
given to that line and another to this one: as many lines as possible find their call.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
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
    pairs.sort()
    found: dict[int, int] = {}
    line_of: dict[int, int] = {}
    calls_of: dict[int, list[int]] = defaultdict(list)
    for _, _, pk, number in pairs:
        calls_of[number].append(pk)
        if number not in found and pk not in line_of:
            found[number], line_of[pk] = pk, number
    for number in sorted(calls_of.keys() - found.keys()):
        for one, pk in _moved(number, calls_of, line_of):
            found[one], line_of[pk] = pk, one
    return found


def _moved(
    number: int, calls_of: dict[int, list[int]], line_of: dict[int, int]
) -> list[tuple[int, int]]:
    """The shortest chain of lines that each take the call of the next, so that this one gets one;
    none, where there is no such chain. An augmenting path of a bipartite matching."""
    comes_from: dict[int, int] = {}  # a call: the line that would take it
    queue = deque([number])
    while queue:
        line = queue.popleft()
        for pk in calls_of[line]:
            if pk in comes_from:
                continue
            comes_from[pk] = line
            if pk in line_of:
                queue.append(line_of[pk])
                continue
            chain = [(line, pk)]
            while line != number:
                # The call that the line had before goes to the line it was looked for from.
                pk = next(pk for pk in calls_of[line] if line_of.get(pk) == line)
                line = comes_from[pk]
                chain.append((line, pk))
            return chain
    return []


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
