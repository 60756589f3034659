"""Financial statements that stand in a text as lines, one cell to a line or one row to a line.

A run of years opens a statement ("2020", "2019", "2018"); a label and as many figures as there are
years make a row; a label alone is a heading or the first part of the next label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.table_units import scale_of
from summaries.verification.documents.tables import Table
from summaries.verification.documents.tabular.spacing import spaced

_YEAR = re.compile(r"(?:FY\s?)?((?:19|20)\d\d)(?:\s?\(\w\))?", re.IGNORECASE)
_LEAD = re.compile(r"[^\d.;]*(?:\b\d{1,2}(?:,|\s)[^\d.;]*)?")  # "Years ended December 31,"
_ENDS_IN_YEAR = re.compile(r"(?:19|20)\d\d\)?[ \t$,]*$", re.MULTILINE)
_CELL = re.compile(
    r"[$€£]?\(?[-−]?[$€£]?\(?\d+(?:,\d{3})*(?:\.\d+)?\)?%?\)?|[—–-]|[$€£]|\(|\)|%|\)%|[$€£]\("
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_DATED = re.compile(rf"\b{_MONTH}\s\d{{1,2}}$", re.IGNORECASE)
_BARE_DAY = re.compile(rf"(?:as of |at )?{_MONTH}\s\d{{1,2}},?", re.IGNORECASE)
_DAY = re.compile(
    rf"(?:(?:as of|at) |(?:(?:three|six|nine|twelve) months|(?:fiscal )?years?|quarter) ended )?"
    rf"{_MONTH}\s\d{{1,2}},\s(?:19|20)\d\d",
    re.IGNORECASE,
)
_LONGEST = 220
_LABEL = 90
_GAP = 14  # lines between the years of one head
_CAPTION = 8  # lines


@dataclass
class _Statement:
    caption: list[str]
    heads: list[str]
    rows: list[list[str]] = field(default_factory=list)


@kept_with
def statements_of(source: Source) -> tuple[Table, ...]:
    """Tables read from the lines of the text; those with fewer than two rows are none."""
    if not _ENDS_IN_YEAR.search(source.text):
        return ()
    return tuple(
        Table.of([["", *one.heads], *one.rows], " ".join(reversed(one.caption)))
        for one in _Reader().read(source.text)
        if len(one.rows) > 1
    )


class _Reader:
    def __init__(self) -> None:
        self._current: _Statement | None = None
        self._recent: list[str] = []
        self._pending: list[str] = []  # labels that wait for their figures
        self._cells: list[str] = []
        self._years: list[str] = []
        self._since = 0

    def read(self, text: str) -> Iterator[_Statement]:
        for raw in text.splitlines():
            line = spaced(raw.strip()) if len(raw) <= _LONGEST else raw.strip()
            if line:
                yield from self._line(line)
        self._close()
        if self._current:
            yield self._current

    def _line(self, line: str) -> Iterator[_Statement]:
        self._since += 1
        years = _years(line)
        if self._years and _BARE_DAY.fullmatch(line):
            return  # "December 31," above each year
        if years and self._opens(years):
            self._years = [*self._years, *years]
            self._since = 0
            return
        if len(self._years) > 1:
            self._close()
            if self._current:
                yield self._current
            self._begin()
        self._years = []
        if len(line) <= _LONGEST:
            self._body(line)
        else:
            self._close()
            self._recent, self._pending = [], []

    def _opens(self, years: list[str]) -> bool:
        """A line of years, or one year after another; a lone year in a column of figures isn't."""
        if self._years and self._since > _GAP:
            self._years = []
        return not (self._cells and self._current) or len(years) > 1

    def _begin(self) -> None:
        heads: list[str] = []
        for one in self._years:
            if one in heads:
                break
            heads.append(one)
        self._current = _Statement(self._recent[-_CAPTION:], heads)
        self._pending, self._cells, self._recent = [], [], []

    def _body(self, line: str) -> None:
        label, cells = _parts(line)
        if label:
            self._close()
            if self._current and not self._current.rows and scale_of(label):
                self._current.caption.append(label)
            else:
                self._pending.append(label)
            self._recent = [*self._recent[-_CAPTION:], line]
        self._cells += cells

    def _close(self) -> None:
        """A row of the label before its figures; of the labels before it, headings."""
        if not self._cells:
            return
        heads = [one for one in self._pending[:-1] if len(one) < _LABEL][-3:]
        label = self._pending[-1] if self._pending else ""
        if heads and label[:1].islower():
            label = f"{heads.pop()} {label}"
        if self._current:
            width = len(self._current.heads)
            self._current.rows += [[one, *[""] * width] for one in heads]
            if label and len(self._cells) in (width, 2 * width):
                self._current.rows.append([label, *self._cells[:width]])
            if label and width > 1 and len(self._cells) == 2 * width:  # a subtotal without label
                self._current.rows.append(["", *self._cells[width:]])
        self._pending, self._cells = [], []


def _years(line: str) -> list[str]:
    """The years of a line that has nothing else, but what leads to them."""
    if len(line) > _LABEL or (not line[-1:].isdigit() and not line.endswith(")")):
        return []
    one = _YEAR.fullmatch(line)
    if one:
        return [one[1]]
    if _DAY.fullmatch(line):
        return [line]
    found = list(_YEAR.finditer(line))
    if len(found) < 2 or not _LEAD.fullmatch(line[: found[0].start()]):
        return []
    rest = _YEAR.sub("", line[found[0].start() :])
    return [] if rest.strip(" $,\t") else [match[1] for match in found]


def _parts(line: str) -> tuple[str, list[str]]:
    """A line's label and the figures that follow it."""
    words = line.split()
    if _DATED.search(line):
        return line, []
    at = len(words)
    while at and _CELL.fullmatch(words[at - 1]):
        at -= 1
    while at and words[at - 1].lower() in ("of", "and") and at < len(words):
        at += 1  # "net of allowances of $5 and $6 310 290"
    cells: list[str] = []
    opened = ""
    for word in words[at:]:
        if word in ("(", "$(", "€(", "£("):
            opened = "("
        elif any(one.isdigit() for one in word) or word in ("—", "–", "-"):
            cells.append(opened + word)
            opened = ""
        elif cells and word in (")", "%", ")%"):
            cells[-1] += word
    label = " ".join(words[:at]).strip(" .$")
    return (label, cells) if any(one.isalpha() for one in label) or not label else ("", [])
