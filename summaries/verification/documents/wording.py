"""A sentence's words without its numbers: "Revenue was $#" for "Revenue was $12.4"."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def wording(text: str) -> str:
    return NUMBER.sub("#", flat(text)).rstrip(".!? ")


def flat(text: str) -> str:
    """In lower case, with one blank for each run of white space."""
    return " ".join(text.split()).casefold()
