"""A piece of evidence and the pack of them that an answer may rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from queries.evidence.figures import Line
from queries.evidence.held import Held
from queries.evidence.wanted import Wanted
from queries.values import Citation
from summaries.marking.library import Found
from summaries.verification.documents.sources import Source


@dataclass(frozen=True)
class Piece:
    """``says``: how a text may put it, or where a passage stands; ``text``: what the source prints.

    A fact has ``facts``, ``line`` and ``sentence``, which a text may use as it stands. A passage has ``found``; a row of the market ``source``, its line to hold a claim against.
    ``is_near``: of another period than was asked for, which the facts don't have.
    """

    number: int
    ticker: str
    says: str
    text: str
    citations: tuple[Citation, ...]
    facts: tuple[int, ...] = ()
    line: Line | None = None
    sentence: str = ""
    found: Found | None = None
    source: Source | None = None
    is_near: bool = False

    @property
    def is_fact(self) -> bool:
        return bool(self.facts)

    @property
    def is_passage(self) -> bool:
        return self.found is not None

    @property
    def is_research(self) -> bool:
        return any(one.source == "research" for one in self.citations)


@dataclass(frozen=True)
class Pack:
    """All that one question's answer may rest on. ``held``: by ticker, in the order asked."""

    question: str
    wanted: Wanted
    held: Mapping[str, Held] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()

    @cached_property
    def by_number(self) -> Mapping[int, Piece]:
        return {one.number: one for one in self.pieces}

    @property
    def facts(self) -> tuple[Piece, ...]:
        return tuple(one for one in self.pieces if one.is_fact)

    @property
    def passages(self) -> tuple[Piece, ...]:
        return tuple(one for one in self.pieces if one.is_passage)

    @property
    def market(self) -> tuple[Piece, ...]:
        return tuple(one for one in self.pieces if one.source is not None)

    def of(self, ticker: str) -> tuple[Piece, ...]:
        return tuple(one for one in self.pieces if one.ticker == ticker)
