"""From a question to its evidence: which stocks, which figures, which passages.

Licences and as-of are asked of every query by `summaries.search` and `summaries.marking.library`;
nothing is filtered afterwards. Not in a transaction: the search's embedder may be a call away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from queries.evidence import citing, figures, market
from queries.evidence.held import Held
from queries.evidence.pieces import Pack, Piece
from queries.evidence.shelf import shelf
from queries.evidence.wanted import Wanted, wanted
from queries.values import Asked
from summaries.marking.library import FILED, RESEARCH, Family, Found, Library
from summaries.models import Stock
from summaries.search import Query, search
from summaries.verification import Verdict
from summaries.verification.documents.sources import source_of

MOST_STOCKS = 4
# Passages of one stock, and of all together; characters of a pack, about three to a token.
FILED_PASSAGES, RESEARCH_PASSAGES = 8, 3
MOST_PASSAGES = 16
LONGEST = 40_000
LONGEST_PASSAGE = 1_800
# Without a stock named, those of the passages that answer best are read.
LOOKED_AT = 12


class UnknownStock(LookupError):
    """None of the tickers is a stock of ours; the message says so to the asker."""


@dataclass(frozen=True)
class Sourced:
    """The stocks of a question, read once for all its parts."""

    held: dict[str, Held]


def sourced(asked: Asked, reader: User) -> Sourced:
    """Raises UnknownStock where tickers are given and none of them is known."""
    stocks = _named(asked.stocks) if asked.stocks else _found(asked, reader)
    held = {}
    for stock in stocks[:MOST_STOCKS]:
        library = Library(stock, reader, asked.as_of)
        book = shelf.book(stock, asked.as_of)
        held[stock.ticker] = Held(stock, library, library.sources(book))
    return Sourced(held)


def _named(tickers: Iterable[str]) -> list[Stock]:
    wanted_ones = list(dict.fromkeys(one.strip().upper() for one in tickers if one.strip()))
    known = {one.ticker: one for one in Stock.objects.filter(ticker__in=wanted_ones)}
    if wanted_ones and not known:
        raise UnknownStock(
            f"We don't know a stock {', '.join(one[:24] for one in wanted_ones[:3])}. Write its "
            "ticker, as AAPL."
        )
    return [known[one] for one in wanted_ones if one in known]


def _found(asked: Asked, reader: User) -> list[Stock]:
    query = Query(asked.question, as_of=asked.as_of, reader=reader, k=LOOKED_AT)
    tickers = dict.fromkeys(one.ticker for one in search(query) if one.ticker)
    known = {one.ticker: one for one in Stock.objects.filter(ticker__in=tickers)}
    return [known[one] for one in tickers if one in known][: MOST_STOCKS - 1]


def packed(question: str, sources: Sourced, tickers: Iterable[str] = (), only: str = "") -> Pack:
    """The evidence of a question, or of a part of one, within ``LONGEST`` characters.

    ``tickers``: of the stocks that it is about; all of ``sources`` without them. ``only``:
    "filings" or "research", where passages of these alone are wanted.
    """
    held = {one: sources.held[one] for one in tickers if one in sources.held} or sources.held
    names = [name for one in sources.held.values() for name in one.names]
    asked_for = wanted(question, names)
    drafts = [
        *_figures(held, asked_for),
        *_market(held, asked_for),
        *_passages(held, asked_for, only),
    ]
    return Pack(question, asked_for, held, tuple(_numbered(drafts)))


def _numbered(drafts: Iterable[Piece]) -> Iterator[Piece]:
    left = LONGEST
    for number, one in enumerate(drafts, 1):
        left -= len(one.says) + len(one.text)
        if left < 0:
            return
        yield replace(one, number=number)


def _figures(held: dict[str, Held], asked_for: Wanted) -> Iterator[Piece]:
    for ticker, one in held.items():
        found = figures.lines(one, asked_for)
        is_near = not found and bool(asked_for.spells)
        told = found or figures.lines(one, replace(asked_for, spells=(), is_quarterly=False))
        evidence = one.library.facts(
            (fact for line in told for fact in line.facts), Verdict.SUPPORTED
        )
        cited = {each.fact: citing.of_evidence(each) for each in evidence}
        for line in told:
            citations = tuple(cited[fact] for fact in line.facts if fact in cited)
            printed = "; ".join(f"{each.quote} ({each.dated})" for each in citations)
            yield Piece(
                0, ticker, f"{ticker}, {line.says}", printed, citations, line.facts, line,
                line.sentence, is_near=is_near,
            )  # fmt: skip


def _market(held: dict[str, Held], asked_for: Wanted) -> Iterator[Piece]:
    for ticker, one in held.items():
        names = " ".join(one.names[:1])
        for row in market.rows(one, asked_for):
            yield Piece(
                0, ticker, f"{ticker}, {row.citation.label}", row.sentence, (row.citation,),
                sentence=row.sentence,
                source=source_of(row.sentence, meta={"company": names, "ticker": ticker}),
            )  # fmt: skip


def _passages(held: dict[str, Held], asked_for: Wanted, only: str) -> list[Piece]:
    """Of each stock in turn, the best of each first, so that none crowds out another."""
    share = max(2, MOST_PASSAGES // max(1, len(held)))
    rows = [list(_of_stock(one, asked_for, only))[:share] for one in held.values()]
    return [row[place] for place in range(share) for row in rows if place < len(row)]


def _of_stock(one: Held, asked_for: Wanted, only: str) -> Iterator[Piece]:
    for family in _families(asked_for):
        if only and family.name != only:
            continue
        for found in one.library.passages(asked_for.search, family):
            yield _passage(one.stock.ticker, found)


def _families(asked_for: Wanted) -> tuple[Family, ...]:
    filed = Family(FILED.name, FILED.kinds, FILED_PASSAGES)
    research = Family(RESEARCH.name, RESEARCH.kinds, RESEARCH_PASSAGES)
    if asked_for.names_research and not asked_for.names_filings:
        return (research, filed)
    return (filed, research)


def _passage(ticker: str, found: Found) -> Piece:
    passage = found.passage
    end = min(passage.end, passage.start + LONGEST_PASSAGE)
    where = passage.heading.splitlines()[0] if passage.heading else ""
    says = ", ".join(filter(None, (ticker, found.source, where)))[:200]
    text = found.window.text((passage.start, end))
    return Piece(
        0, ticker, says, text, (citing.of_passage(found, passage.start, end),), found=found
    )
