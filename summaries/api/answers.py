"""What the answers on stocks share; see fa_site.answers for what all do."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from fa_site.answers import Readable, documented
from summaries.models import Stock

__all__ = ["Readable", "documented", "stock_of"]


def stock_of(stocks: QuerySet[Stock], ticker: str) -> Stock:
    """By ticker, whatever its case. Raises Http404."""
    found = stocks.filter(ticker=ticker.upper()).first()
    if found is None:
        raise Http404(
            f"There is no stock {ticker[:24]}. Look for it with /api/v1/stocks/?search=<name>."
        )
    return found
