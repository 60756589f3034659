"""What reading a filing's document gives: its text, and what stands where in it.

Every start and end is an offset in code points of `Reading.text`, end excluded. Spans hold for one
VERSION: the same bytes read by the same version give the same text.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# Raised when the text or the spans made of the same bytes change.
VERSION = "filing-1"


class UnreadableFiling(Exception):
    """The bytes are no document we can read, and never will be; the message says what they are."""


@dataclass(frozen=True)
class Section:
    """A part of the text under one item of the form. Sections cover the text in order, none overlap.

    item: "1A" (10-K), "I.2" (10-Q), "2.02" (8-K), "3D" (20-F); "" for what stands before the first.
    name: the item's usual name, "Risk Factors". title: the heading as printed. also: further items
    that the same heading opens ("Items 1 and 2" is item "1", also "2").
    """

    item: str
    name: str
    title: str
    start: int
    end: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A cell that prints something; empty ones are absent.

    column and colspan count columns of the page's own grid, which has many for one that a person sees.
    """

    start: int
    end: int
    colspan: int
    is_header: bool
    column: int = 0


@dataclass(frozen=True)
class Table:
    """A run of lines, a row a line; rows that print nothing are absent."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Tag:
    """One inline XBRL numeric value, at the span where the text prints it: "391,035" or "(1,234)".

    A value that is printed nowhere (hidden facts) has an empty span, start == end == 0.

    unit: "USD", "shares", "USD/shares", "pure", as companyfacts names it. value: scaled and signed.
    period_start is None for an instant; period_end is included in the period. decimals is None where
    the filer says INF. dimensions: (axis, member) sorted; empty for the whole company.
    """

    start: int
    end: int
    concept: str
    unit: str
    period_start: date | None
    period_end: date
    value: Decimal
    decimals: int | None
    dimensions: tuple[tuple[str, str], ...]

    @property
    def is_printed(self) -> bool:
        return self.end > self.start


@dataclass(frozen=True)
class Reading:
    """A document read. cover holds the dei facts by concept, dates in ISO; problems says in words
    what could not be read."""

    text: str
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    tags: tuple[Tag, ...]
    cover: dict[str, str]
    problems: tuple[str, ...]
