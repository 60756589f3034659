"""A sentence's words without its numbers: "Revenue was $#" for "Revenue was $12.4"."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SPACE = re.compile(r"\s+")


def wording(text: str) -> str:
    return _SPACE.sub(" ", NUMBER.sub("#", text)).strip().rstrip(".!?").casefold()
