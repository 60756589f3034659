"""What is asked and what is told back, whoever asks and whoever answers. Pure values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial

from summaries.verification.verdicts import Verdict

LONGEST_QUESTION = 20_000  # characters


class Depth(StrEnum):
    """Quick: facts, published summaries and quotes, nothing generated. Standard: search and one
    call of a model. Deep: the question taken apart, several searches, sources held together."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"


class Kind(StrEnum):
    ANSWERED = "answered"
    UNSAID = "unsaid"  # the sources don't say
    DECLINED = "declined"  # advice, or what is none of our business


@dataclass(frozen=True)
class Exchange:
    """An earlier question of the conversation and what was told."""

    question: str
    answer: str
    stocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question with all that its answer may depend on.

    ``id``: of the query, as a UUID; ``depth``: None leaves it to the question. ``stocks``: tickers
    that the asker chose; others may stand in the question. ``as_of``: what was known then; None
    is now. ``before``: the conversation so far, oldest first.
    """

    id: str
    question: str
    user: int
    team: int | None = None
    depth: Depth | None = None
    stocks: tuple[str, ...] = ()
    as_of: datetime | None = None
    before: tuple[Exchange, ...] = ()


@dataclass(frozen=True)
class Citation:
    """Where it stands. ``source``: "filing", "research", "FactSet", "summary". ``quote``: the
    document's text from ``start`` to ``end`` in code points; of a fact its value as filed.
    ``dated``: the period or day that it speaks of, in words."""

    source: str
    label: str
    url: str
    quote: str
    dated: str = ""
    document: int | None = None
    start: int = -1
    end: int = -1
    fact: int | None = None


@dataclass(frozen=True)
class Claim:
    """A sentence of an answer. ``reason``: why it is not supported; ``correction``: what the
    sources say in its place, where they contradict it."""

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...] = ()
    reason: str = ""
    correction: str = ""


@dataclass(frozen=True)
class Point:
    """``value`` in ``Chart.unit``; None where the source has none. ``citation`` proves it."""

    label: str
    value: Decimal | None
    citation: Citation | None = None


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """Numbers over time. ``unit``: "USD", "%", "USD/share", "shares", "times" or a currency's
    code."""

    title: str
    unit: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Answer:
    """``claims`` in the order they are read. ``close``: what the sources say nearby, where they
    don't say what was asked. ``suggestions``: questions that the evidence can answer."""

    kind: Kind
    depth: Depth
    claims: tuple[Claim, ...] = ()
    charts: tuple[Chart, ...] = ()
    close: tuple[Claim, ...] = ()
    suggestions: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self.claims)


@dataclass(frozen=True)
class Spent:
    """``first_ms``: until the first text; None where there was none."""

    cost_usd: Decimal
    total_ms: int
    first_ms: int | None = None
    is_cached: bool = False


# What is told while a question is answered, in order: steps, text as it is written, marks of its
# claims, and at last either the whole answer or why there is none.


@dataclass(frozen=True)
class Step:
    """A piece of work, when it begins and again when it is done."""

    name: str
    text: str
    is_done: bool = False


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Voided:
    """All text so far is void: it is written anew."""

    reason: str


@dataclass(frozen=True)
class Marked:
    """The claim number ``at`` of the answer, from 0, verified; and where its text stands in what
    was streamed, in code points."""

    at: int
    claim: Claim
    start: int
    end: int


@dataclass(frozen=True)
class Shown:
    chart: Chart


@dataclass(frozen=True)
class Finished:
    answer: Answer
    spent: Spent | None = None  # the metering fills it in


@dataclass(frozen=True)
class Refused:
    """No answer. ``code``: too_long, empty, unreadable, injection, rate_limited, not_in_plan,
    over_budget, unavailable, stopped, failed. ``retry_after``: seconds after which it may be asked again."""

    code: str
    text: str
    retry_after: int | None = None


Event = Step | Text | Voided | Marked | Shown | Finished | Refused

# Answers a question, an event at a time. Closing the iterator stops the work.
Handler = Callable[[Asked], Iterator[Event]]
# Stands before a handler: may refuse, change the question, watch or change what is told.
Middleware = Callable[[Asked, Handler], Iterator[Event]]


def chained(middlewares: Sequence[Middleware], handler: Handler) -> Handler:
    """The handler behind all of them, the first outermost."""
    for middleware in reversed(middlewares):
        handler = partial(_through, middleware, handler)
    return handler


def _through(middleware: Middleware, handler: Handler, asked: Asked) -> Iterator[Event]:
    return middleware(asked, handler)
