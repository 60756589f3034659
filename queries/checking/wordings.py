"""A sentence as its source would put it: whose it is, and who says so, left out. Pure.

An answer names its company and its source in each sentence; a filing speaks of neither. What is
left out adds nothing to what is claimed of a document that is the company's, or the broker's, own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_SAYS = r"(?:says?|said|notes?|noted|states?|stated|reports?|reported|writes?|wrote|discloses?|disclosed)"
_FILED = r"(?:(?:the|its|their)\s+)?(?:company|filing|annual\s+report|quarterly\s+report|10-K|10-Q|8-K|20-F)"
_LONGEST_SOURCE = 80


def wordings(text: str, names: Sequence[str], said_by: str = "") -> Iterator[str]:
    """The sentence first, then barer ones. ``names``: of its company; ``said_by``: who the source
    is, as `summaries.marking` names it."""
    told = [text]
    bare = _without_speaker(text, names, said_by)
    told.append(bare)
    told.append(_without_owner(bare, names))
    yield from dict.fromkeys(told)


def _without_speaker(text: str, names: Sequence[str], said_by: str) -> str:
    speakers = [re.escape(one) for one in names if one]
    if publisher := re.match(r"research of (.+), \d", said_by):
        speakers = [re.escape(publisher[1])]
    who = "|".join([*speakers, _FILED])
    patterns = (
        rf"(?:{who})(?:['’]s?)?(?:\s+(?:10-K|10-Q|8-K|20-F|annual\s+report|filing|analysts?|research|note))?"
        rf"\s+{_SAYS}\s+(?:that\s+)?",
        rf"(?:according\s+to|in|per)\s+(?=[^,]{{0,{_LONGEST_SOURCE}}}(?:{who}))[^,]{{1,{_LONGEST_SOURCE}}},\s+",
    )
    for pattern in patterns:
        if found := re.match(pattern, text, re.IGNORECASE):
            return _capital(text[found.end() :])
    return text


def _without_owner(text: str, names: Sequence[str]) -> str:
    """ "Acme's revenue rose" -> "Revenue rose" """
    for name in sorted(filter(None, names), key=len, reverse=True):
        if found := re.match(rf"{re.escape(name)}(?:['’]s|['’])\s+", text):
            return _capital(text[found.end() :])
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
