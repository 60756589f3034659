"""Which stocks a command is about."""

from __future__ import annotations

from difflib import get_close_matches

from django.conf import settings
from django.db.models import QuerySet

from summaries.authoring import models_write
from summaries.models import Stock

# Stocks at once: the extractive writer is all CPU, models are mostly waited for.
CPU_BOUND, WAITING = 4, 50


def concurrency() -> int:
    """How many stocks to have in work at once, by who writes."""
    return min(WAITING, settings.LLM_CONCURRENCY) if models_write() else CPU_BOUND


class UnknownTickers(Exception):
    """A ticker nobody knows; the message offers near ones."""


def words(listed: str) -> list[str]:
    """ "aapl, MSFT" -> ["AAPL", "MSFT"]"""
    return list(dict.fromkeys(word.strip().upper() for word in listed.split(",") if word.strip()))


def chosen(tickers: list[str] | None, limit: int | None = None) -> QuerySet[Stock]:
    """The named stocks, or all whose facts are loaded. Raises UnknownTickers."""
    if tickers is None:
        covered: QuerySet[Stock] = Stock.objects.covered()
        return covered if limit is None else covered[:limit]
    found = Stock.objects.filter(ticker__in=tickers)
    if missing := sorted(set(tickers) - set(found.values_list("ticker", flat=True))):
        raise UnknownTickers(" ".join(_told(ticker) for ticker in missing))
    return found


def _told(ticker: str) -> str:
    near = _near(ticker)
    known = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"No stock has the ticker {ticker}.{known}"


def _near(ticker: str) -> list[str]:
    known = dict(Stock.objects.values_list("ticker", "name"))
    named = [t for t, name in known.items() if name.upper().startswith(ticker)] if ticker else []
    near = get_close_matches(ticker, known, n=3, cutoff=0.6)
    return list(dict.fromkeys([*named[:2], *near]))[:3]
