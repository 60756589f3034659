"""For boxes on pages of other apps."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import template

register = template.Library()


@register.simple_tag
def page_key() -> UUID:
    """One for each time the page is made: what is sent twice from it asks once."""
    return uuid4()


@register.filter
def lasting(milliseconds: int) -> str:
    """ "403 ms", "8.6 s" """
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
