"""A document as lines under construction: text, and what was learnt of it while reading.

Offsets here are within the line. Whitespace is made one space as text comes in, and nowhere else, so
that a mark set while reading stays right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

# Soft hyphens, joiners and direction marks print nothing. HTML's &#146; means Windows' character.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF]
)
_WINDOWS = {
    code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}
_CLEAN = {**_INVISIBLE, **_WINDOWS, **dict.fromkeys(range(32))} | {9: " ", 10: "\n", 13: " "}

# "$ 391,035", "( 1,234 )", "12 %": a person reads no space there.
_LOOSE = re.compile(r"(?<=[$€£¥(]) (?=[$€£¥(]?\(?[\d.—–-])|(?<=[\d—–)]) (?=[)%])")


def clean(text: str) -> str:
    """Text without characters that print nothing."""
    return text if text.isascii() and text.isprintable() else text.translate(_CLEAN)


@dataclass(slots=True)
class Mark:
    """Where one inline value is printed in its line; start is -1 until something is printed."""

    fact: int
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class Slot:
    """A cell's place in the line that prints its row."""

    start: int
    end: int
    colspan: int
    is_header: bool
    column: int


@dataclass(slots=True)
class Line:
    text: str
    marks: list[Mark] = field(default_factory=list)
    bold: int = 0  # how many of its characters are
    center: bool = False
    ids: list[str] = field(default_factory=list)  # anchors that lead here
    links: list[str] = field(default_factory=list)  # anchors it leads to
    linked: int = 0  # how many of its characters are a link within the document
    breaks: bool = False  # a page ends before it
    rule: bool = False  # a ruling stands before it
    gap: bool = False  # preformatted text leaves an empty line before it
    table: int = 0  # number of the table that it is a row of, 0 for none
    slots: list[Slot] = field(default_factory=list)

    @property
    def is_bold(self) -> bool:
        return self.bold * 10 >= len(self.text) * 7


def tighten(line: Line) -> Line:
    """The line without the spaces that only layout put between a sign and its number."""
    text = line.text
    if not _LOOSE.search(text):
        return line
    gaps = [match.start() for match in _LOOSE.finditer(text)]

    def moved(offset: int) -> int:
        return offset - bisect_left(gaps, offset)

    line.text = _LOOSE.sub("", text)
    for mark in line.marks:
        mark.start, mark.end = moved(mark.start), moved(mark.end)
    return line


def joined(lines: list[Line], separator: str = " ") -> Line:
    """Several lines as one; page breaks before the first stay."""
    if len(lines) == 1:
        return lines[0]
    whole = Line("", breaks=lines[0].breaks, rule=lines[0].rule, center=lines[0].center)
    parts: list[str] = []
    length = 0
    for line in lines:
        if parts:
            parts.append(separator)
            length += len(separator)
        for mark in line.marks:
            whole.marks.append(Mark(mark.fact, mark.start + length, mark.end + length))
        parts.append(line.text)
        length += len(line.text)
        whole.bold += line.bold
        whole.linked += line.linked
        whole.ids += line.ids
        whole.links += line.links
    whole.text = "".join(parts)
    return whole
