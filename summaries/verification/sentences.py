"""Where sentences begin and end."""

from __future__ import annotations

import re

# A full stop after these ends no sentence by itself.
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|plc|Cos|Bros|Mr|Mrs|Ms|Dr|St|vs|cf|etc|No|approx|est|incl|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b(?:[A-Za-z]\.)*[A-Z])$"
)
_END = re.compile(r"[.!?][\"”’')\]]*(?=\s|$)|\n+")
_LEAD = re.compile(r"\s*(?:[-•*]\s+)?")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of ``text``, in code points, without the space around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _END.finditer(text):
        if found.group()[0] == "." and _continues(text, found):
            continue
        _add(spans, text, start, found.end())
        start = found.end()
    _add(spans, text, start, len(text))
    return spans


def _continues(text: str, stop: re.Match[str]) -> bool:
    rest = text[stop.end() :].lstrip(" ")
    if rest[:1].islower():
        return True
    before = text[max(0, stop.start() - 12) : stop.start()]
    return bool(rest.strip()) and _ABBREVIATIONS.search(before) is not None


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    lead = _LEAD.match(text, start, end)
    begin = lead.end() if lead else start
    stop = start + len(text[start:end].rstrip())
    if begin < stop:
        spans.append((begin, stop))
