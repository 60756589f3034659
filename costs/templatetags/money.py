"""Amounts and shares as the cost pages print them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()
CENT = Decimal("0.01")


@register.filter
def usd(amount: Decimal | None) -> str:
    """$1,234.56; less than ten cents with as many places as say something: $0.0041."""
    if amount is None:
        return "–"
    sign, size = ("−", -amount) if amount < 0 else ("", amount)
    if size == 0 or size >= Decimal("0.1"):
        return f"{sign}${size:,.2f}"
    places = min(max(2 - size.adjusted(), 4), 8)
    return f"{sign}${size:.{places - 1}f}"


@register.filter
def share(ratio: float | None) -> str:
    """0.4231 -> 42.3 %"""
    return "–" if ratio is None else f"{float(ratio) * 100:.1f} %"


@register.filter
def seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s"


@register.filter
def words(text: str) -> list[str]:
    return text.split()
