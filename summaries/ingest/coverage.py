"""How much of the list of stocks each source covers, what is stale, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from summaries.ingest.connections import configured
from summaries.ingest.market import KINDS
from summaries.models import ResearchIssuer, ResearchNote, Source, SourceItem, Stock

# Shares of the stocks that each source must cover: research isn't written on every company.
TARGETS = {
    Source.EDGAR: Decimal("1.00"),
    Source.BLUEMATRIX: Decimal("0.80"),
    Source.FACTSET: Decimal("1.00"),
}
# Confirmed longer ago than this is stale; a rating stands for a year.
FRESH = {
    Source.EDGAR: timedelta(days=7),
    Source.BLUEMATRIX: timedelta(days=365),
    Source.FACTSET: timedelta(days=4),
}
State = SourceItem.State


@dataclass(frozen=True)
class Gap:
    """A stock that a source doesn't cover now. ``since``: last confirmed, None for never."""

    ticker: str
    why: str
    since: datetime | None


@dataclass(frozen=True)
class Coverage:
    """``share``: of the stocks, 0 to 1. ``failing``: things of this source that we lack."""

    source: str
    covered: int
    stocks: int
    target: Decimal
    gaps: tuple[Gap, ...]
    failing: int
    is_configured: bool

    @property
    def share(self) -> Decimal:
        return Decimal(self.covered) / self.stocks if self.stocks else Decimal(0)

    @property
    def well(self) -> bool:
        return self.share >= self.target


def coverage(stocks: QuerySet[Stock] | None = None, now: datetime | None = None) -> list[Coverage]:
    """Of all sources over these stocks; by default those whose facts are loaded."""
    wanted = Stock.objects.covered() if stocks is None else stocks
    tickers = dict(wanted.order_by("ticker").values_list("pk", "ticker"))
    now, named = now or timezone.now(), configured()
    found = []
    for source, look in _LOOKS.items():
        gaps = look(tickers, now)
        failing = SourceItem.objects.filter(source=source).exclude(error="").count()
        told = tuple(gap for pk in tickers if (gap := gaps.get(pk)))
        found.append(
            Coverage(
                source, len(tickers) - len(told), len(tickers), TARGETS[source], told, failing,
                source in named,
            )
        )  # fmt: skip
    return found


def _edgar(tickers: Mapping[int, str], now: datetime) -> dict[int, Gap]:
    return _by_items(Source.EDGAR, tickers, now, needed=("list", "facts"))


def _factset(tickers: Mapping[int, str], now: datetime) -> dict[int, Gap]:
    return _by_items(Source.FACTSET, tickers, now, needed=tuple(kind.name for kind in KINDS))


def _by_items(
    source: Source, tickers: Mapping[int, str], now: datetime, *, needed: Iterable[str]
) -> dict[int, Gap]:
    """A stock is covered where each needed thing is held, and was confirmed lately."""
    held: dict[int, dict[str, SourceItem]] = defaultdict(dict)
    items = SourceItem.objects.filter(source=source, kind__in=needed, stock__in=tickers)
    for item in items.defer("about"):
        if item.stock_id:
            held[item.stock_id][item.kind] = item
    gaps = {}
    for pk, ticker in tickers.items():
        for kind in needed:
            if gap := _gap(ticker, kind, held[pk].get(kind), now - FRESH[source]):
                gaps[pk] = gap
                break
    return gaps


def _gap(ticker: str, kind: str, item: SourceItem | None, oldest: datetime) -> Gap | None:
    if item is None or item.checked_at is None:
        said = f": {item.error}" if item and item.error else ""
        return Gap(ticker, f"{kind} never ingested{said}", None)
    if item.state != State.STORED:
        return Gap(ticker, f"{kind}: {item.error or item.get_state_display()}", item.checked_at)
    if item.checked_at < oldest:
        said = f"; {item.error}" if item.error else ""
        return Gap(
            ticker, f"{kind} last confirmed {item.checked_at:%Y-%m-%d}{said}", item.checked_at
        )
    return None


def _bluematrix(tickers: Mapping[int, str], now: datetime) -> dict[int, Gap]:
    notes = ResearchIssuer.objects.filter(
        stock__in=tickers, note__is_current=True, note__status__in=ResearchNote.READABLE
    )
    newest: dict[int, datetime] = {}
    for stock, published in notes.values_list("stock_id", "note__published_at"):
        if stock and (stock not in newest or newest[stock] < published):
            newest[stock] = published
    gaps = {}
    for pk, ticker in tickers.items():
        if pk not in newest:
            gaps[pk] = Gap(ticker, "no note in force", None)
        elif newest[pk] < now - FRESH[Source.BLUEMATRIX]:
            gaps[pk] = Gap(ticker, f"newest note of {newest[pk]:%Y-%m-%d}", newest[pk])
    return gaps


_LOOKS = {Source.EDGAR: _edgar, Source.BLUEMATRIX: _bluematrix, Source.FACTSET: _factset}
