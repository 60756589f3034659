"""A document to be read: one part of it at a time, its tables as tables, a span marked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from summaries.models import Document, Section, Table
from summaries.pages.grids import Grid, grid
from summaries.pages.marks import Marks, Piece

# A part is cut where it has grown to this many characters: a page stays small and quick.
PART = 30_000
_SUBHEAD = 90  # characters
_BULLET = re.compile(r"[•·●○◦▪■□☐☑☒✓]|(?:[–*]|\(?[a-z0-9ivx]{1,4}[.)])\s")
_SENTENCE_END = (".", ";", ":", ",", "?", "!")


@dataclass(frozen=True)
class Paragraph:
    pieces: tuple[Piece, ...]
    kind: str  # text, subhead, bullet, typed (its line breaks are its own)


@dataclass(frozen=True)
class Part:
    """A stretch of a section; ``number`` of ``parts`` where a section is cut."""

    section: Section | None
    start: int
    end: int
    number: int
    parts: int


@dataclass(frozen=True)
class Entry:
    """A section in the table of contents; ``parts`` of the one that is open."""

    label: str
    title: str
    start: int
    is_open: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class View:
    """The part of a document that holds ``at`` or the marked span."""

    document: Document
    parts: tuple[Part, ...]
    part: Part
    tables: tuple[Table, ...]
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    @cached_property
    def blocks(self) -> list[Paragraph | Grid]:
        marks = Marks(self.document.text, self.start, self.end)
        start = self.part.start
        if self.heading and self.part.number == 1:
            start += len(self.heading)
            # A heading that is cited must be seen to be marked: then it stays in the text.
            if self.start < start and self.end > self.part.start:
                start = self.part.start
        return list(_blocks(marks, start, self.part.end, self.tables))

    @property
    def heading(self) -> str:
        """The section's title where its text opens with it."""
        section = self.part.section
        opens = section is not None and section.title and self.document.text.startswith(
            section.title, section.start
        )  # fmt: skip
        return section.title if opens and section else ""

    @property
    def label(self) -> str:
        return item_label(self.part.section.item) if self.part.section else ""

    @property
    def title(self) -> str:
        return _title(self.part.section) if self.part.section else self.document.title

    @property
    def contents(self) -> list[Entry]:
        entries: list[Entry] = []
        for part in self.parts:
            section = part.section
            if section is None or part.number > 1:
                continue
            is_open = section == self.part.section
            own = tuple(one for one in self.parts if is_open and one.section == section)
            entries.append(
                Entry(
                    item_label(section.item),
                    _title(section),
                    part.start,
                    is_open,
                    own if len(own) > 1 else (),
                )
            )
        return entries

    @property
    def before(self) -> Part | None:
        place = self.parts.index(self.part)
        return self.parts[place - 1] if place else None

    @property
    def after(self) -> Part | None:
        place = self.parts.index(self.part)
        return self.parts[place + 1] if place + 1 < len(self.parts) else None


def view(document: Document, *, at: int = 0, start: int = 0, end: int = 0) -> View:
    """The part that holds the span [start, end), or else ``at``; offsets in code points."""
    sections = list(document.sections.all())
    spans = list(document.tables.order_by("start").values_list("start", "end"))
    found = tuple(parts(document.text, sections, spans))
    place = start if start < end else at
    starts = [part.start for part in found]
    part = found[max(0, bisect_right(starts, place) - 1)]
    tables = document.tables.filter(start__lt=part.end, end__gt=part.start).order_by("start")
    return View(document, found, part, tuple(tables), start, end)


def parts(
    text: str, sections: Sequence[Section], tables: Sequence[tuple[int, int]]
) -> Iterator[Part]:
    """The whole text in order, cut at sections, and where these are long at ends of lines."""
    covered: list[tuple[Section | None, int, int]] = [
        (one, one.start, one.end) for one in sections if one.end > one.start
    ]
    for section, start, end in covered or [(None, 0, len(text))]:
        cuts = [start, *_cuts(text, start, end, tables), end]
        for number, (low, high) in enumerate(pairwise(cuts), 1):
            yield Part(section, low, high, number, len(cuts) - 1)


def _cuts(text: str, start: int, end: int, tables: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Places after a line, outside every table, about PART apart, the last not a stub."""
    at = start
    while end - at > PART * 3 // 2:
        cut = text.find("\n", at + PART, end) + 1
        for low, high in tables:
            if low < cut <= high:
                cut = text.find("\n", high, end) + 1
        if not 0 < cut < end:
            return
        yield cut
        at = cut


def _title(section: Section) -> str:
    return section.name or section.title or "Cover and contents"


def item_label(item: str) -> str:
    """ "1A" -> "Item 1A", "II.1A" -> "Part II, Item 1A", "" -> ""."""
    roman, dot, number = item.partition(".")
    if dot and roman and set(roman) <= set("IVX"):
        return f"Part {roman}, Item {number}"
    return f"Item {item}" if item else ""


def _blocks(
    marks: Marks, start: int, end: int, tables: Iterable[Table]
) -> Iterator[Paragraph | Grid]:
    at = start
    for table in tables:
        if table.start < at:
            continue
        yield from _paragraphs(marks, at, table.start)
        yield grid(table.rows, marks)
        at = table.end
    yield from _paragraphs(marks, at, end)


def _paragraphs(marks: Marks, start: int, end: int) -> Iterator[Paragraph]:
    text = marks.text[start:end]
    typed = text.count("\n\n") * 12 > text.count("\n") and "\n\n" in text
    lines = [
        (start + found.start(), start + found.end())
        for found in re.finditer(r"(?:[^\n]|\n(?!\n))+" if typed else r"[^\n]+", text)
        if found[0].strip()
    ]
    for place, (low, high) in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else (high, high)
        kind = "typed" if typed else _kind(marks.text[low:high], after[1] - after[0])
        yield Paragraph(marks.pieces(low, high), kind)


def _kind(line: str, length_after: int) -> str:
    line = line.strip()
    if _BULLET.match(line):
        return "bullet"
    is_short = len(line) <= _SUBHEAD and not line.endswith(_SENTENCE_END)
    if is_short and (line.isupper() or (line[:1].isupper() and length_after > len(line) + 40)):
        return "subhead"
    return "text"
