"""Which part of all units a test takes: stretches of the line from 0 to 1.

Tests of one group stand on the same line and their stretches don't meet, so that no unit is in two
of them. A test without a group has a line of its own, from its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Slot = tuple[float, float]
# Shares are given to four places.
_NOTHING = 5e-5


class NoRoom(Exception):
    """The group has less left than the test wants."""

    def __init__(self, wanted: float, left: float) -> None:
        super().__init__(f"{wanted:.1%} of the units are wanted and {left:.1%} are free")
        self.wanted, self.left = wanted, left


def holds(slots: Iterable[Slot], place: float) -> bool:
    return any(start <= place < end for start, end in slots)


def free(taken: Iterable[Slot]) -> list[Slot]:
    """What no other test has, in order."""
    found, at = [], 0.0
    for start, end in sorted(taken):
        if start - at > _NOTHING:
            found.append((at, start))
        at = max(at, end)
    if 1.0 - at > _NOTHING:
        found.append((at, 1.0))
    return found


def allot(wanted: float, taken: Sequence[Slot]) -> tuple[Slot, ...]:
    """The first free stretches that add up to what is wanted. Raises NoRoom."""
    given: list[Slot] = []
    left = wanted
    open_ones = free(taken)
    for start, end in open_ones:
        if left <= _NOTHING:
            break
        until = min(end, start + left)
        given.append((round(start, 6), round(until, 6)))
        left -= until - start
    if left > _NOTHING:
        raise NoRoom(wanted, sum(end - start for start, end in open_ones))
    return tuple(given)


def resized(own: Sequence[Slot], wanted: float, others: Sequence[Slot]) -> tuple[Slot, ...]:
    """More or less than what a test has, keeping of it what may stay. Raises NoRoom."""
    kept: list[Slot] = []
    left = wanted
    for start, end in own:
        if left <= _NOTHING:
            break
        until = min(end, start + left)
        kept.append((start, round(until, 6)))
        left -= until - start
    if left > _NOTHING:
        kept += allot(left, [*others, *own])
    return tuple(kept)
