"""Market data as it was known at a moment: of each figure the newest version then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from summaries.models import DailyPrice, Estimate, Fundamental, Stock


def prices(stock: Stock, at: datetime) -> QuerySet[DailyPrice]:
    """Newest day first."""
    key = ("on", "currency")
    known = DailyPrice.objects.known(at).filter(stock=stock)
    return known.order_by("-on", "currency", "-known_at").distinct(*key)


def estimates(stock: Stock, at: datetime) -> QuerySet[Estimate]:
    """By measure and period; of each the consensus of every day that we hold one of."""
    key = ("metric", "periodicity", "fiscal_end", "estimate_date", "currency")
    known = Estimate.objects.known(at).filter(stock=stock)
    order = ("metric", "periodicity", "-fiscal_end", "-estimate_date", "currency", "-known_at")
    return known.order_by(*order).distinct(*key)


def fundamentals(stock: Stock, at: datetime) -> QuerySet[Fundamental]:
    key = ("metric", "periodicity", "fiscal_end", "currency")
    known = Fundamental.objects.known(at).filter(stock=stock)
    order = ("metric", "periodicity", "-fiscal_end", "currency", "-known_at")
    return known.order_by(*order).distinct(*key)
