"""What the search page asks and shows: passages with the question's words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User

from summaries.models import Document, Stock
from summaries.pages.marks import Piece
from summaries.pages.moments import NotAMoment, moment
from summaries.pages.reading import item_label
from summaries.search import Passage, Query, search

SHOWN = 20
KINDS = (
    (Document.Kind.FILING, "Filings"),
    (Document.Kind.EXHIBIT, "Exhibits"),
    (Document.Kind.RESEARCH, "Research notes"),
    (Document.Kind.STATEMENTS, "Reported figures"),
)
_WORD = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*")
_UNMARKED = frozenset(
    "a an and are as at be by did do does for from had has have how in into is it its of on or our "
    "that the their they this to was we were what when where which who why will with".split()
)
_ENDINGS = re.compile(r"(?:ations?|ings?|ed|ies|ily|es|s|y|e)$")


@dataclass(frozen=True)
class Asked:
    """A question as it was put into the page; ``problems`` says what of it can't be used."""

    words: str
    ticker: str
    kind: str
    as_of: str
    stock: Stock | None
    moment: datetime | None
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    passage: Passage
    name: str
    label: str
    pieces: tuple[Piece, ...]


def asked(words: str, ticker: str, kind: str, as_of: str) -> Asked:
    problems: list[str] = []
    stock = Stock.objects.filter(ticker=ticker.strip().upper()).first() if ticker.strip() else None
    if ticker.strip() and stock is None:
        problems.append(f"We don’t know a stock {ticker.strip()[:24]}. Write its ticker, as AAPL.")
    if kind and kind not in dict(KINDS):
        problems.append("There is no such kind of document. Choose one from the list.")
    at = None
    if as_of.strip():
        try:
            at = moment(as_of)
        except NotAMoment as error:
            problems.append(str(error))
    return Asked(words.strip(), ticker.strip(), kind, as_of.strip(), stock, at, tuple(problems))


def results(question: Asked, reader: User | AnonymousUser, *, most: int = SHOWN) -> list[Result]:
    """The passages that answer, best first; none of a question that has problems."""
    if question.problems or not question.words:
        return []
    found = search(
        Query(
            question.words,
            stocks=(question.stock,) if question.stock else (),
            kinds=(question.kind,) if question.kind else (),
            as_of=question.moment,
            reader=reader,
            k=most,
        )
    )
    tickers = {one.ticker for one in found if one.ticker}
    names = dict(Stock.objects.filter(ticker__in=tickers).values_list("ticker", "name"))
    return [
        Result(one, names.get(one.ticker or "", ""), _label(one), marked(one.quote, question.words))
        for one in found
    ]


def _label(passage: Passage) -> str:
    """Form, item and what stands above the passage: "10-K, Item 7: MD&A"."""
    is_filing = passage.kind in (Document.Kind.FILING, Document.Kind.EXHIBIT)
    what = passage.form if is_filing else str(Document.Kind(passage.kind).label)
    item = item_label(passage.item) if is_filing else ""
    head = ", ".join(filter(None, (what, item)))
    return ": ".join(filter(None, (head, passage.heading.replace("\n", " · "))))


def marked(text: str, question: str) -> tuple[Piece, ...]:
    """The text cut at the words that the question has too, in whatever form they stand."""
    stems = {_stem(word) for word in _words(question)} - {""}
    pieces: list[Piece] = []
    at = 0
    for found in _WORD.finditer(text):
        if _stem(found[0].lower()) in stems:
            if found.start() > at:
                pieces.append(Piece(text[at : found.start()]))
            pieces.append(Piece(found[0], is_marked=True))
            at = found.end()
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def _words(question: str) -> Iterable[str]:
    found = (one[0].lower() for one in _WORD.finditer(question))
    return (word for word in found if word not in _UNMARKED)


def _stem(word: str) -> str:
    """Enough to see "revenues" as "revenue"; short words stand for themselves."""
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) >= 3 else word
