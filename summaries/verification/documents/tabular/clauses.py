"""What a clause of a claim says: a line item, and each figure in its role.

"Net sales rose 5% to $105 million in 2019 from $100 million in 2018" is one clause: of net sales,
upwards, by 5%, to $105 million (2019), from $100 million (2018).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from summaries.verification.documents.figures import Figure
from summaries.verification.documents.tabular.lexicon import Verb
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.tokens import Token


@dataclass(frozen=True)
class Clause:
    """``item``: what it is about. ``now``: the periods of ``levels`` (one each, or one level for
    all); ``base``: of ``start``. ``shares``: with SHARE, of ``whole``."""

    verb: Verb
    item: tuple[Token, ...]
    levels: tuple[Figure, ...] = ()
    now: tuple[Period, ...] = ()
    start: Figure | None = None
    base: Period | None = None
    changes: tuple[Figure, ...] = ()
    shares: tuple[Figure, ...] = ()
    whole: tuple[Token, ...] = ()
    is_range: bool = False  # ``now`` are the first and last of a row of periods
    is_compound: bool = False  # the change is the same in each year
    said: tuple[Token, ...] = ()  # the item with the periods among its words

    @property
    def moves(self) -> bool:
        return self.verb in (Verb.UP, Verb.DOWN)


class Unread(Exception):
    """A word has no place."""


@dataclass
class Draft:
    """One under construction."""

    verb: Verb
    item: tuple[Token, ...]
    levels: list[Figure] = field(default_factory=list)
    now: list[Period] = field(default_factory=list)
    start: Figure | None = None
    base: Period | None = None
    changes: list[Figure] = field(default_factory=list)
    shares: list[Figure] = field(default_factory=list)
    whole: tuple[Token, ...] = ()
    is_range: bool = False
    is_compound: bool = False
    said: tuple[Token, ...] = ()

    def made(self) -> Clause:
        return Clause(
            self.verb, self.item, tuple(self.levels), tuple(self.now), self.start, self.base,
            tuple(self.changes), tuple(self.shares), self.whole, self.is_range,
            self.is_compound, self.said,
        )  # fmt: skip
