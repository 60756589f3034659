"""Where a citation leads. Pure."""

from __future__ import annotations

_BESIDE = ("/facts/", "/citations/")
_DOCUMENT = "/documents/"


def beside(url: str) -> str:
    """The address of what opens in the evidence panel; empty where it is a page of its own, as is a
    document without a span."""
    place = url.partition("#")[0]
    has_span = place.startswith(_DOCUMENT) and "start=" in place
    return place if has_span or place.startswith(_BESIDE) else ""
