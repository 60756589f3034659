"""A year by the name that the source gives it: "in FY2022" is "for the year ended May 31, 2022"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHORT = re.compile(
    r"\b(?:in|for|during)\s+(?:FY\s?|(?:the\s+)?(?:fiscal|financial)\s+(?:year\s+)?|the\s+year\s+)?"
    r"(?P<year>(?:19|20)\d\d)\b(?!\s*(?:and|to|through|[-–]))"
)
_LONG = (
    r"\b(?:in|for|during)\s+(?:the|our)\s+(?:fiscal\s+|financial\s+)?(?:year|twelve\s+months)\s+ended\s+"
    r"[A-Z][a-z]+\s+\d{{1,2}},\s+{year}\b"
)
_MOST = 3


def renamed(claim: str, text: str) -> Iterator[str]:
    """The claim with its only year said as the source says it, in each of its ways; nothing where
    it names no year so, or several."""
    found = list(_SHORT.finditer(claim))
    if len(found) != 1:
        return
    year = found[0]
    if text.find(f", {year['year']}") < 0:
        return
    ways = dict.fromkeys(re.findall(_LONG.format(year=year["year"]), text))
    for way in list(ways)[:_MOST]:
        yield claim[: year.start()] + way + claim[year.end() :]
