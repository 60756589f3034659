"""Amounts and shares as the cost pages print them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()
TEN_CENTS, HALF_A_CENT = Decimal("0.1"), Decimal("0.005")


@register.filter
def usd(amount: Decimal | None) -> str:
    """$1,234.56; less than ten cents with two digits that say something, $0.0041; – for None."""
    if amount is None:
        return "–"
    sign, size = ("−", -amount) if amount < 0 else ("", amount)
    if size == 0 or size >= TEN_CENTS:
        return f"{sign}${size:,.2f}"
    places = 1 - size.adjusted()
    return f"{sign}${size:.{places}f}" if places <= 8 else f"{sign}<$0.0000001"


@register.filter
def dollars(amount: Decimal) -> str:
    """$1,234.56, for columns of amounts that are compared; a trace of one is <$0.01."""
    sign, size = ("−", -amount) if amount < 0 else ("", amount)
    return f"{sign}<$0.01" if 0 < size < HALF_A_CENT else f"{sign}${size:,.2f}"


@register.filter
def share(ratio: float | Decimal | None) -> str:
    """0.4231 -> 42.3%, as everywhere on the site; – for None."""
    return "–" if ratio is None else f"{float(ratio) * 100:.1f}%".replace("-", "−")


@register.filter
def seconds(ms: float | None) -> str:
    return "–" if ms is None else f"{ms / 1000:.1f} s"


@register.simple_tag
def share_of(part: Decimal, whole: Decimal) -> str:
    return share(part / whole if whole else None)


@register.filter
def spaced(name: str) -> str:
    """timed_out -> timed out"""
    return name.replace("_", " ")
