"""A sentence's words without its numbers: "Revenue was $#" for "Revenue was $12.4"."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def wording(text: str) -> str:
    return NUMBER.sub("#", flat(text)).rstrip(".!? ")


def lower(text: str) -> str:
    """In lower case, every character at its place. An expression without regard to case is two to
    four times as slow as one that reads a text so lowered."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def flat(text: str) -> str:
    """In lower case, with one blank for each run of white space."""
    return " ".join(text.split()).casefold()
