"""A place in a text that holds personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is hidden; the placeholder says it, so that a model can still follow the sentence.

    In order of strength: where two overlap, the whole takes the kind that stands first.
    """

    LITERAL = "LITERAL"  # a text that looks like a placeholder itself
    SECRET = "SECRET"  # noqa: S105 - the kind's name
    URL = "URL"
    EMAIL = "EMAIL"
    IBAN = "IBAN"
    CARD = "CARD"
    WALLET = "WALLET"
    TAX_ID = "TAX_ID"
    ACCOUNT = "ACCOUNT"
    PASSPORT = "PASSPORT"
    LICENSE = "LICENSE"
    PHONE = "PHONE"
    IP = "IP"
    ADDRESS = "ADDRESS"
    BIRTH_DATE = "BIRTH_DATE"
    PERSON = "PERSON"


_STRENGTH = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Found:
    """``text[start:end]``; ``certain``: known to be personal, so that no ``allow`` opens it.

    ``confidence``: 0 to 1, how surely it is somebody's. What has a form of its own is; a name is
    by the words around it.
    """

    start: int
    end: int
    kind: Kind
    certain: bool = False
    confidence: float = 0.95


def merged(found: Iterable[Found]) -> list[Found]:
    """In order, none overlapping: what overlaps becomes one, so that no part is left over."""
    whole: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if whole and one.start < whole[-1].end:
            last = whole[-1]
            whole[-1] = Found(
                last.start,
                max(last.end, one.end),
                min(last.kind, one.kind, key=_STRENGTH.__getitem__),
                confidence=max(last.confidence, one.confidence),
            )
        else:
            whole.append(one)
    return whole
