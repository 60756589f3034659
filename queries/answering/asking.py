"""A question with the instructions that stand around it: the unit and places of the answer, what a
ratio is defined as, which statements to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLAUSE = re.compile(
    r"(?:^|[,:.?!]\s+)(?P<asked>(?:(?:in|for|during|at|as of|as at|on|between|from)\s[^,?.:]*\d[^?.:]*?,\s+)?"
    r"(?:what|how|by\s+(?:how|what)|which|in\s+which|who|where|why)\b[^?]*)\?",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"\bround(?:ed|ing)?\b[^.?]{0,40}?\bto\s+(?:the\s+)?(?P<count>\d|zero|one|two|three|four)\s+"
    r"decimals?",
    re.IGNORECASE,
)
_NUMBERS = {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4}
_UNIT = re.compile(
    r"\(?\b(?:answer(?:ed)?\s+|expressed\s+|given\s+|reported\s+)?in\s+(?:units\s+of\s+)?"
    r"(?:(?:USD|US\$|U\.S\.|US|EUR|GBP|\$|€|£)\s*)?(?:dollars?\s+)?"
    r"(?P<unit>(?:percents?|percentages?)(?!\s+of\b)|thousands?|millions?|billions?)\b"
    r"(?:\s+of\s+dollars|\s+terms)?(?:\s+and\s+round[^)?.]*)?\)?",
    re.IGNORECASE,
)
_DEFINED = (
    re.compile(
        r"(?P<name>[A-Za-z][\w&%/ ()'’-]{1,80}?)\s+(?:is|are|was)\s+(?:here\s+)?defined\s+as:?\s+"
        r"(?P<as>[^?]+?)(?=\.\s|\.?$)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:define|calculate|compute)\s+(?P<name>[A-Za-z][\w&%/ ()'’-]{1,80}?)\s+as:?\s+"
        r"(?P<as>[^?]+?)(?=\.\s|\.?$)",
        re.IGNORECASE,
    ),
)
_LONGEST = 4000  # characters that are looked at
_INITIALS = re.compile(r"\s*\(\s*[A-Z&/]{2,6}\s*\)")


@dataclass(frozen=True)
class Definition:
    """``name`` as ``expression``, both in words."""

    name: str
    expression: str


@dataclass(frozen=True)
class Asking:
    """``question``: without its instructions. ``scale``: "percent", "thousand", "million",
    "billion" or "" where none is asked for; ``places``: decimals, None where not said."""

    question: str
    scale: str = ""
    places: int | None = None
    definitions: tuple[Definition, ...] = ()


def asking_of(text: str) -> Asking:
    said = " ".join(text.split())[:_LONGEST]
    clauses = [match["asked"] for match in _CLAUSE.finditer(said)]
    rounded, unit = _ROUNDED.search(said), _UNIT.search(said)
    scale = unit["unit"].lower().rstrip("s") if unit else ""
    question = _UNIT.sub(" ", clauses[0] if clauses else said)
    return Asking(
        " ".join(_INITIALS.sub("", question).split()).strip(" ?.,"),
        "percent" if scale.startswith("percent") else scale,
        _count(rounded["count"]) if rounded else None,
        tuple(_defined(said)),
    )


def _count(said: str) -> int:
    return int(said) if said.isdecimal() else _NUMBERS[said.lower()]


def _defined(said: str) -> Iterator[Definition]:
    for shape in _DEFINED:
        for match in shape.finditer(said):
            name = _INITIALS.sub("", match["name"]).strip()
            name = name.rpartition("? ")[2]
            yield Definition(_spelled(name, said), match["as"].strip(" .:"))


def _spelled(name: str, said: str) -> str:
    """ "DPO" as what stands before it in "days payable outstanding (DPO)"."""
    match = re.search(rf"((?:[\w&-]+\s+){{{len(name)}}})\(\s*{re.escape(name)}\s*\)", said)
    if not name.isupper() or match is None:
        return name
    words = match[1].split()
    initials = "".join(word[0] for word in words).upper()
    return " ".join(words) if initials == name else name
