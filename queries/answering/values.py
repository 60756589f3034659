"""What is told back of a question about documents: a figure, spans, or that they don't say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from summaries.verification.verdicts import Verdict


@dataclass(frozen=True)
class Place:
    """Where it stands. ``document``: number of the one asked of, from 0; ``quote``: its text from
    ``start`` to ``end`` in code points, or a cell's text at ``table``, ``row`` and ``column``, from
    0 as the table was given; -1 for what does not apply."""

    document: int
    quote: str
    start: int = -1
    end: int = -1
    table: int = -1
    row: int = -1
    column: int = -1


@dataclass(frozen=True)
class Operand:
    """One figure that an answer was worked out from. ``value``: in whole units."""

    name: str
    period: str
    value: Decimal
    place: Place | None


@dataclass(frozen=True)
class Found:
    """``answer``: the figure or words alone; ``text``: told in one sentence. ``value``: in units of
    ``scale`` ("", "thousand", "million", "billion", "percent"); None of words. ``unit``: a
    currency's code, "%", "shares" or "". ``parts``: of a list, each. ``formula``: how it was worked
    out, "" of what is printed. Only with ``verdict`` supported is it an answer."""

    answer: str
    text: str
    verdict: Verdict
    value: Decimal | None = None
    unit: str = ""
    scale: str = ""
    parts: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    formula: str = ""
    operands: tuple[Operand, ...] = ()

    @property
    def is_supported(self) -> bool:
        return self.verdict is Verdict.SUPPORTED


@dataclass(frozen=True)
class Unsaid:
    """The sources don't say. ``close``: what they say nearby, the nearest first."""

    close: tuple[Place, ...] = ()
    text: str = "The sources don't say."
