"""What a sentence asserts, bound and ready to be proven; ``marks`` say where it stands.

``when`` None: the period in focus. ``base`` None: the comparable period one
year before.
"""

from __future__ import annotations

from dataclasses import dataclass

from summaries.verification.marks import Mark
from summaries.verification.quantities import Quantity
from summaries.verification.terms import Term, Window
from summaries.verification.whens import When


@dataclass(frozen=True)
class Equal:
    """The term has the printed value; ``at_base``: in the period compared with."""

    marks: tuple[Mark, ...]
    term: Term
    printed: Quantity
    when: When | None
    base: When | None
    at_base: bool = False


@dataclass(frozen=True)
class Moved:
    """The term moved from base to now; ``direction`` 0 is no change, ``printed`` by how much.

    ``over``: the base is so many years before.
    """

    marks: tuple[Mark, ...]
    term: Term
    direction: int
    printed: Quantity | None
    when: When | None
    base: When | None
    over: Window | None = None


@dataclass(frozen=True)
class Ordered:
    """``left`` is above (1) or below (-1) ``right`` in the same period."""

    marks: tuple[Mark, ...]
    left: Term
    right: Term
    direction: int
    printed: Quantity | None
    when: When | None


@dataclass(frozen=True)
class Ranked:
    """The highest (1) or lowest (-1) value of a run of years."""

    marks: tuple[Mark, ...]
    term: Term
    direction: int
    window: Window
    when: When | None


@dataclass(frozen=True)
class Ran:
    """Moved in one direction year after year."""

    marks: tuple[Mark, ...]
    term: Term
    direction: int
    years: int | None
    since: When | None
    exact: bool
    when: When | None


@dataclass(frozen=True)
class Firsted:
    """The first year of that direction since another or within a run of years."""

    marks: tuple[Mark, ...]
    term: Term
    direction: int
    window: Window
    when: When | None


@dataclass(frozen=True)
class Signed:
    """The term is above (1) or below (-1) zero; ``turned``: and was not in the period before."""

    marks: tuple[Mark, ...]
    term: Term
    direction: int
    when: When | None
    base: When | None = None
    turned: bool = False


@dataclass(frozen=True)
class Compared:
    """How many companies of which sector stand behind a median."""

    marks: tuple[Mark, ...]
    term: Term
    count: int | None
    sector: str | None
    when: When | None


Assertion = Equal | Moved | Ordered | Ranked | Ran | Firsted | Signed | Compared


@dataclass(frozen=True)
class Reading:
    """``unread``: the marks no assertion accounts for, with what is wrong with them."""

    assertions: tuple[Assertion, ...]
    unread: tuple[tuple[Mark, str], ...]
    checkable: bool
