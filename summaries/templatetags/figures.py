"""Filters of the pages: dates, ages, figures as written and as filed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from summaries.models import Fact, Summary
from summaries.models.texts import Verdict
from summaries.pages import notation
from summaries.statements import plain
from summaries.writing import numbers

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """27 Sep 2025; a moment is read on the firm's clock."""
    if value is None:
        return ""
    return notation.day(timezone.localdate(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """31 Oct 2025, 06:01 New York time: the clock that filings are accepted by."""
    return notation.moment(value) if value else ""


@register.filter
def age(value: date | None, today: date) -> str:
    """7 weeks old"""
    return notation.age(value, today) if value else ""


@register.filter
def is_stale(value: date | None, today: date) -> bool:
    return value is not None and notation.is_stale(value, today)


@register.filter
def percent(fraction: Decimal | None) -> str:
    """0.123 -> 12.3%"""
    return numbers.percent(fraction).replace("-", "−") if fraction is not None else ""


@register.filter
def points(fraction: Decimal | None) -> str:
    """0.0035 -> 35 bps"""
    return numbers.points(fraction) if fraction is not None else ""


@register.filter
def money(value: Decimal | None, currency: str = "USD") -> str:
    """$1.2bn"""
    return notation.figure(value, currency) if value is not None else ""


@register.filter
def figure(fact: Fact) -> str:
    """As a sentence would say it: $416.2bn."""
    return notation.figure(fact.value, fact.unit)


@register.filter
def as_filed(fact: Fact) -> str:
    """416,161,000,000 USD"""
    return notation.as_filed(fact.value, fact.unit)


@register.filter
def derivation(formula: str) -> str:
    """(133.05bn − 123.22bn) / 123.22bn"""
    return notation.derivation(formula)


@register.filter
def period(fact: Fact) -> str:
    """29 Sep 2024 – 27 Sep 2025"""
    return notation.days(fact.start, fact.end)


@register.filter
def change(value: Decimal) -> str:
    """+1,200 or −1,200: every digit."""
    return ("+" if value > 0 else "") + plain(value).replace("-", "−")


@register.filter
def state_label(value: str) -> str:
    return Summary.State(value).label


@register.filter
def age_of(value: datetime, today: date) -> str:
    """7 weeks old, of a moment."""
    return notation.age(timezone.localdate(value), today)


@register.filter
def waits(value: datetime, today: date) -> str:
    """How long something waits: today, 3 days, 7 weeks."""
    age = notation.age(timezone.localdate(value), today)
    return "today" if age == "today's" else age.removesuffix(" old")


@register.filter
def verdict_label(value: str) -> str:
    return Verdict(value).label
