"""What the verifier says of a claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True)
class Finding:
    """One reason against a claim. ``start`` and ``end`` are code points of the verified text."""

    code: str  # e.g. "value", "scale", "sign", "direction", "period", "entity", "unread"
    reason: str  # in words, for the reviewer
    start: int
    end: int


@dataclass(frozen=True)
class Proof:
    """One thing a claim says, and what proves it."""

    start: int
    end: int
    printed: str  # as it stands in the text
    computed: str  # as the sources give it, unrounded, with unit; "" where they don't
    measure: str  # the catalogue's key
    verdict: Verdict
    fact_ids: tuple[int, ...] = ()
    benchmark: bool = False  # proven by the sector snapshot
    reports: tuple[tuple[int, ...], ...] = ()  # per fact, all facts that report the same value
    formula: str = ""  # e.g. "(416.16 - 391.04) / 391.04", for a reader


@dataclass(frozen=True)
class ClaimCheck:
    """A sentence, what it says, and the verdict: the worst of its proofs and findings."""

    text: str
    start: int
    end: int
    verdict: Verdict
    proofs: tuple[Proof, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    history: Decimal = Decimal(0)  # what the history makes doubtful, 0 to 1
