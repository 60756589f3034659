"""Stocks that the list doesn't have yet, as EDGAR knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summaries.models import Stock
from summaries.names import display_name
from summaries.sources.edgar import Edgar, NotChanged
from summaries.sources.errors import Missing


@dataclass(frozen=True)
class Added:
    """``problem``: why a stock was not added, or what to look at; "" where all is well."""

    ticker: str
    stock: Stock | None
    problem: str = ""


def add_stocks(tickers: Sequence[str], edgar: Edgar) -> list[Added]:
    """Make a row for each ticker that EDGAR lists. What is listed already stays as it is; where
    EDGAR gives its ticker to another registrant now, that is said: the facts are of the old one.

    Raises SourceError where EDGAR's list can't be had.
    """
    listed = {one.ticker.upper(): one for one in edgar.tickers()}
    held = {stock.ticker: stock for stock in Stock.objects.filter(ticker__in=tickers)}
    found = []
    for ticker in tickers:
        entry, stock = listed.get(ticker), held.get(ticker)
        if entry is None:
            found.append(Added(ticker, stock, f"EDGAR lists no {ticker}."))
        elif stock is not None and stock.cik != entry.cik:
            found.append(Added(ticker, stock, _moved(stock, entry.cik, entry.name)))
        elif stock is not None:
            found.append(Added(ticker, stock))
        else:
            found.append(Added(ticker, _made(ticker, entry.cik, entry.name, entry.exchange, edgar)))
    return found


def _moved(stock: Stock, cik: int, name: str) -> str:
    return (
        f"{stock.ticker} is CIK {stock.cik} here and CIK {cik} ({display_name(name)}) at EDGAR: a "
        "successor, or another company. Nothing was changed; look at the filing that says so."
    )


def _made(ticker: str, cik: int, name: str, exchange: str, edgar: Edgar) -> Stock:
    try:
        said = edgar.submissions(cik)
    except Missing:  # listed, and nothing filed yet
        sic, industry = "", ""
    else:
        sic, industry = (
            ("", "") if isinstance(said, NotChanged) else (said.sic, said.sic_description)
        )
    stock, _ = Stock.objects.get_or_create(
        ticker=ticker[:12],
        defaults={
            "cik": cik, "name": display_name(name)[:160], "exchange": exchange[:40],
            "sic": sic[:4], "industry": industry[:120],
        },
    )  # fmt: skip
    return stock
