"""Filings of plain text: lines kept as typed, the markers of EDGAR's old page format taken out."""

from __future__ import annotations

import re

from .lines import Line, clean

# <PAGE>, <TABLE>, <CAPTION>, <S>, <C>, <FN>: layout marks of filings before HTML (EDGAR Filer Manual).
_MARKER = re.compile(r"</?(?:page|table|caption|s|c|fn|f\d+|r|text|document)>", re.IGNORECASE)
_PAGE = re.compile(r"</?page>|\f", re.IGNORECASE)


def plain_lines(text: str) -> list[Line]:
    """A line of text a line; of empty ones, and those of markers alone, one is left as a gap."""
    lines: list[Line] = []
    breaks = gap = False
    for row in text.splitlines():
        breaks = breaks or bool(_PAGE.search(row))
        printed = clean(_MARKER.sub("", row)).expandtabs().rstrip()
        if not printed.strip():
            gap = True
            continue
        lines.append(Line(printed, breaks=breaks, gap=gap))
        breaks = gap = False
    return lines
