"""What a question means, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from summaries.periods import Span


class Intent(StrEnum):
    VALUE = "value"  # how much it was
    TREND = "trend"  # how it went over a run of periods
    CHANGE = "change"  # by how much it moved from one period to the next
    COMPARISON = "comparison"  # of companies
    RANKING = "ranking"  # which of the companies has most, or least
    SAID = "said"  # what documents say about a topic
    NEWS = "news"
    SUMMARY = "summary"
    RATING = "rating"  # what research rates it, and its targets
    ESTIMATE = "estimate"  # what analysts expect
    PRICE = "price"
    ADVICE = "advice"  # whether to buy: told to nobody
    OTHER = "other"


# Periods as they are said; which days they are, only a company's calendar knows.


@dataclass(frozen=True)
class Year:
    """A fiscal year by its number."""

    number: int


@dataclass(frozen=True)
class Quarter:
    """``number`` 1 to 4; without a year, the newest such quarter."""

    number: int
    year: int | None = None


@dataclass(frozen=True)
class Half:
    """The first six months (1) of a year; the second (2) nobody reports by itself."""

    number: int
    year: int | None = None


@dataclass(frozen=True)
class NineMonths:
    year: int | None = None


@dataclass(frozen=True)
class Back:
    """The newest reported period of this length (0), or as many before it."""

    steps: int
    span: Span = Span.YEAR


@dataclass(frozen=True)
class Before:
    """So many years before the period spoken of."""

    years: int = 1


@dataclass(frozen=True)
class PeriodBefore:
    """The quarter before the one spoken of."""


@dataclass(frozen=True)
class ToDate:
    """The fiscal year that has begun, as far as it is reported."""


@dataclass(frozen=True)
class Trailing:
    """The last twelve months."""


@dataclass(frozen=True)
class Last:
    """A run of the newest periods; ``count`` None: as many as are usually shown."""

    count: int | None = None
    span: Span = Span.YEAR


@dataclass(frozen=True)
class Since:
    year: int


@dataclass(frozen=True)
class Through:
    """Fiscal years, both included, the earlier first."""

    first: int
    last: int


@dataclass(frozen=True)
class Next:
    """A period that hasn't begun or isn't reported yet."""

    span: Span = Span.YEAR


When = (
    Year | Quarter | Half | NineMonths | Back | Before | PeriodBefore | ToDate | Trailing
    | Last | Since | Through | Next
)  # fmt: skip
RUNS = (Last, Since, Through)


@dataclass(frozen=True)
class Meant:
    """``stocks``: tickers that we know, in the order said; ``unknown``: names that look like a
    company's and are none of ours. ``measures``: keys of the catalogue, or of ``DERIVED``;
    ``unheld``: figures that no source of ours has, as said. ``topic``: the words that say what of,
    lower case. ``forms``: of filings; ``kinds``: "filing", "research". ``as_of``: a day that the
    question names to be answered as of. ``most``: of a ranking, whether the largest is asked for.
    ``is_explained``: why or how is asked, which no figure answers.
    """

    intent: Intent
    stocks: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    periods: tuple[When, ...] = ()
    topic: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unheld: tuple[str, ...] = ()
    as_of: date | None = None
    most: bool = True
    is_explained: bool = False
    is_follow_up: bool = False

    @property
    def is_of_figures(self) -> bool:
        return bool(self.measures or self.unheld)

    @property
    def is_over_time(self) -> bool:
        return self.intent is Intent.TREND or any(isinstance(one, RUNS) for one in self.periods)
