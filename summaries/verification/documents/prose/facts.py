"""What a sentence says of a figure, as values: `reading` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from summaries.verification.documents.figures import Figure
from summaries.verification.documents.prose.mentions import Basis, Measure
from summaries.verification.documents.spells import Spell


class Role(StrEnum):
    LEVEL = "level"
    CHANGE = "change"
    PRIOR = "prior"  # what it's compared with


@dataclass(frozen=True)
class Fact:
    """``direction``: 1 up, -1 down, 0 unsaid. ``opens``: a range, which the next fact closes."""

    figure: Figure
    measure: Measure | None
    is_per_share: bool
    is_loss: bool
    role: Role
    direction: int
    opens: bool
    closes: bool
    basis: Basis
    narrowed: frozenset[str]  # "organic", "comparable"
    spell: Spell | None  # its period, where the sentence says it
    loose: Spell | None  # a period said later on, which may be its
    versus: Spell | None  # what it's compared with, where the sentence says it


@dataclass(frozen=True)
class Reading:
    """``text``: in lower case."""

    text: str
    facts: tuple[Fact, ...]
    measures: tuple[Measure, ...]
    spells: tuple[Spell, ...]
