"""Takes a printed page's furniture out of the lines: page numbers, running headers and footers, and links
back to the table of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .lines import Line, joined

_EDGE = 4  # lines at a page's top and bottom where furniture stands
_LONGEST = 160

_PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—]*\s*(?:[A-Z]{1,2}\s?-\s?)?(?:\d{1,3}|[ivxl]{1,6})\s*[-–—]*(?:\s+of\s+\d{1,3})?",
    re.IGNORECASE,
)
_BACK_LINK = re.compile(
    r"(?:(?:back|return)\s+to\s+)?(?:table\s+of\s+contents?|contents|index|top)"
    r"|index\s+to\s+(?:consolidated\s+)?financial\s+statements",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:part\s+[iv]+\W*)?items?\s+\d", re.IGNORECASE)
_DIGITS = re.compile(r"\d+|\b[ivxl]+\b", re.IGNORECASE)


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines that are the document's own. Anchors and page breaks of those removed move on."""
    removed = _back_links(lines) | _at_edges(lines)
    kept: list[Line] = []
    ids: list[str] = []
    breaks = rule = gap = False
    for position, line in enumerate(lines):
        breaks, rule, gap = breaks or line.breaks, rule or line.rule, gap or line.gap
        if position in removed:
            ids += line.ids
            continue
        line.ids = ids + line.ids if ids else line.ids
        line.breaks, line.rule, line.gap = breaks, rule, gap
        ids, breaks, rule, gap = [], False, False, False
        if kept and _runs_on(kept[-1], line):
            line = joined([kept.pop(), line])
        kept.append(line)
    return kept


def _runs_on(line: Line, following: Line) -> bool:
    """Whether a page ended in the middle of a sentence."""
    return (
        following.breaks
        and not line.table
        and not following.table
        and len(line.text) > _LONGEST // 2
        and (line.text[-1].islower() or line.text[-1] in ",’")
        and following.text[0].islower()
    )


def _back_links(lines: Sequence[Line]) -> set[int]:
    """Lines that are nothing but a link to the contents."""
    return {
        position
        for position, line in enumerate(lines)
        if line.linked and len(line.text) < 60 and _BACK_LINK.fullmatch(line.text.strip(" []()"))
    }


def _at_edges(lines: Sequence[Line]) -> set[int]:
    """Page numbers, and lines that most pages repeat but for a number."""
    breaks = [position for position, line in enumerate(lines) if line.breaks]
    if breaks:
        breaks.append(len(lines))  # the last page has a footer too
    edges: list[int] = []
    for start in breaks:
        edges += [at for at in range(start - _EDGE, start + _EDGE) if 0 <= at < len(lines)]
    edges = sorted(set(edges))
    masks = {at: _mask(lines[at]) for at in edges}
    repeated = Counter(mask for mask in masks.values() if mask)
    enough = max(3, len(breaks) // 8)
    removed = {at for at, mask in masks.items() if mask and repeated[mask] >= enough}
    # A page's number is its last line, or its first.
    for start in [*breaks, *(at for at, line in enumerate(lines) if line.rule)]:
        for at in (start - 1, start):
            if 0 <= at < len(lines) and _is_page_number(lines[at]):
                removed.add(at)
    return removed


def _is_page_number(line: Line) -> bool:
    return (
        not line.marks and not line.table and _PAGE_NUMBER.fullmatch(line.text.strip()) is not None
    )


def _mask(line: Line) -> str:
    """A line but for its numbers; empty for what is no running header. Item numbers tell items apart."""
    text = line.text.strip()
    if len(text) > _LONGEST or line.marks or line.table:
        return ""
    if _ITEM.match(text):
        return text.lower()
    masked = _DIGITS.sub("#", text.lower())
    return masked if any(char.isalnum() or char == "#" for char in masked) else ""
