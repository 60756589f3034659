"""Questions that the evidence at hand can answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from queries.quick.figures import name_of
from queries.quick.held import Held
from queries.quick.measured import is_balance, measured
from queries.quick.spans import latest
from queries.understanding.listings import Listing
from queries.understanding.values import Intent, Meant
from summaries.models import Document
from summaries.periods import Period

MOST = 4
_NEXT = ("revenue", "operating_margin", "net_income", "net_margin")


def suggested(held: Sequence[Held], meant: Meant) -> tuple[str, ...]:
    """After an answer: what lies near it and has an answer."""
    if not held:
        return ()
    if len(held) > 1:
        return tuple(islice(_of_several(held, meant), MOST))
    figures = tuple(islice(_of_figures(held[0], meant), MOST - 1))
    return (*figures, *_of_words(held[0], meant))


def near(listings: Sequence[Listing]) -> tuple[str, ...]:
    """Of companies that may have been meant."""
    return tuple(f"What was the revenue of {one.ticker} last year?" for one in listings)[:MOST]


def _of_several(held: Sequence[Held], meant: Meant) -> Iterator[str]:
    names = " and ".join(one.stock.ticker for one in held[:3])
    for key in _NEXT:
        if key not in meant.measures and all(_has(one, key) for one in held):
            yield f"Compare {names} on {name_of(key)} over the last five years"


def _of_figures(held: Held, meant: Meant) -> Iterator[str]:
    ticker = held.stock.ticker
    for key in meant.measures[:1]:
        if meant.intent is not Intent.TREND and _has(held, key) and not is_balance(key):
            yield f"How has the {name_of(key)} of {ticker} moved over the last five years?"
    for key in _NEXT:
        if key not in meant.measures and _has(held, key):
            yield f"What was the {name_of(key)} of {ticker} last year?"


def _of_words(held: Held, meant: Meant) -> Iterator[str]:
    if meant.intent is not Intent.SAID and _has_filings(held):
        yield f"What does {held.stock.ticker} say about competition?"


def _has(held: Held, key: str) -> bool:
    """Whether the figure is reported; no query is made for it."""
    newest: list[Period] = latest(held.book)[:1]
    return any(measured(held, key, period) for period in newest)


def _has_filings(held: Held) -> bool:
    found = Document.objects.readable_by(held.reader).current().public(held.at)
    return found.filter(stock=held.stock, kind=Document.Kind.FILING).exists()
