"""The list of stocks: those with a summary first, then those with filings, then the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.contrib.auth.models import AnonymousUser, User
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Prefetch, QuerySet, When

from summaries.models import Claim, Filing, Stock, Summary
from summaries.models.texts import Tier

PAGE_SIZE = 40


@dataclass(frozen=True)
class Row:
    stock: Stock
    summary: Summary | None
    hook: tuple[Claim, ...]
    has_filings: bool


def listed(words: str, sector: str, reader: User | AnonymousUser) -> QuerySet[Stock]:
    stocks = Stock.objects.matching(words)
    if sector:
        stocks = stocks.filter(sector=sector)
    published = Summary.objects.readable_by(reader).shown()
    return stocks.annotate(
        is_named=Case(
            When(ticker__iexact=words.strip(), then=True),
            default=False,
            output_field=BooleanField(),
        ),
        has_summary=Exists(published.filter(stock=OuterRef("pk"))),
        has_filings=Exists(Filing.objects.filter(stock=OuterRef("pk"))),
    ).order_by("-is_named", "-has_summary", "-has_filings", "ticker")


def page_of(stocks: QuerySet[Stock], number: str, reader: User | AnonymousUser) -> Page[Stock]:
    """The page asked for, or the nearest there is."""
    hooks = Claim.objects.filter(tier=Tier.HOOK).order_by("position")
    published = (
        Summary.objects.readable_by(reader)
        .shown()
        .order_by("-version")
        .prefetch_related(Prefetch("claims", queryset=hooks, to_attr="hook_claims"))
    )
    found: QuerySet[Stock] = stocks.prefetch_related(
        Prefetch("summaries", queryset=published, to_attr="published_summaries")
    )
    return Paginator(found, PAGE_SIZE).get_page(number)


def rows(stocks: Iterable[Stock]) -> list[Row]:
    """``stocks`` as page_of prepares them: no query is made here for a row."""
    return [_row(stock) for stock in stocks]


def _row(stock: Stock) -> Row:
    summaries: list[Summary] = stock.published_summaries  # type: ignore[attr-defined]
    summary = summaries[0] if summaries else None
    hook: list[Claim] = summary.hook_claims if summary else []  # type: ignore[attr-defined]
    return Row(stock, summary, tuple(hook), stock.has_filings)  # type: ignore[attr-defined]


def sectors() -> list[tuple[str, int]]:
    """Sectors by name, with how many stocks each has."""
    named = Stock.objects.exclude(sector="").order_by("sector").values_list("sector")
    return list(named.annotate(n=Count("pk")))


def like(ticker: str, *, most: int = 5) -> list[Stock]:
    """Stocks that somebody who typed ``ticker`` may have meant: a slip of the finger first."""
    words = ticker.strip()
    tickers = Stock.objects.values_list("ticker", flat=True)
    near = get_close_matches(words.upper(), tickers, n=2, cutoff=0.7)
    slips = sorted(Stock.objects.filter(ticker__in=near), key=lambda one: near.index(one.ticker))
    named = Stock.objects.matching(words).exclude(ticker__in=near)
    return [*slips, *(named[: most - len(slips)] if len(words) > 1 else ())]
