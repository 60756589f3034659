"""Where sentences begin and end."""

from __future__ import annotations

import re

# A full stop after these ends no sentence by itself.
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|plc|Cos|Bros|Mr|Mrs|Ms|Dr|St|vs|cf|etc|No|approx|est|incl|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b(?:[A-Za-z]\.)*[A-Z])$"
)
# As one set of characters first, which is what makes it fast on a long text.
# A full stop before a small letter ends none; "iPhone" and "eBay" begin a sentence as they are.
_CLOSED = r"[\"”’')\]]*(?=\s|$)"
_END = re.compile(
    rf"[.!?\n](?:(?<=\n)|(?<=\.){_CLOSED}(?! *[a-zß-öø-ÿ](?![A-Z]))|(?<=[!?]){_CLOSED})\n*"
)
_LEAD = re.compile(r"\s*(?:[-•*]\s+)?")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of ``text``, in code points, without the space around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    last = len(text.rstrip())
    for found in _END.finditer(text):
        at, end = found.span()
        if text[at] == "." and end < last and text[end - 1] != "\n" and _is_abbreviated(text, at):
            continue
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def _is_abbreviated(text: str, at: int) -> bool:
    """Whether the full stop at ``at`` belongs to the word before it."""
    if not text[at - 1 : at].isalpha():
        return False
    return _ABBREVIATIONS.search(text, max(0, at - 12), at) is not None


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    said = text[start:end].rstrip()
    if not said:
        return
    lead = None if said[0].isalnum() else _LEAD.match(text, start, end)
    begin = lead.end() if lead else start
    stop = start + len(said)
    if begin < stop:
        spans.append((begin, stop))
