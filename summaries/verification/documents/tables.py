"""A table as its cells: each with its row, column, section, period, unit and scale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from summaries.verification.documents.figures import Figure, figures_of
from summaries.verification.documents.seeds import SHORT, kept_up_to
from summaries.verification.documents.spells import Kind, Spell, spells_of
from summaries.verification.documents.table_units import (
    RowUnits,
    is_percent,
    names_scale,
    with_units,
)
from summaries.verification.documents.words import stems_of

_CHANGE = re.compile(
    r"\b(?:change|variance|increase|decrease|growth|inc|dec|difference|vs\.?|versus|var)\b|△|Δ",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"^[\s\-–—*.:$%()]*$")
_UNCLOSED = re.compile(r"^\s*[$€£]?\s*\([^)]*$")  # the bracket closes in a cell of its own
_MARKED = re.compile(r"(?<=(?:19|20)\d\d)\s\d$|(?:\s*(?:\(\s?\w{1,2}\s?\)|\*+|\[\s?\w\s?\]))+\s*$")
_WEEKS = re.compile(r"\b\d{1,2}[\s-]*(?:weeks?|days?|months?)\b", re.IGNORECASE)
# Heads with a number: "Level 1", "1-3 years", "Less than 1 year".
_NUMBERED = re.compile(
    r"(?:level|tier|stage|class|phase|category|series)\s?\d|\d{1,2}\s?(?:-|–|to)\s?\d{1,2}\s(?:years?|months?)"
    r"|(?:less|more)\sthan\s\d{1,2}\s(?:years?|months?)|(?:within|after|over|under)\s\d{1,2}\s(?:years?|months?)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\s*\(?\d{1,2}\)?\s*$")


@dataclass(frozen=True)
class Cell:
    """``figure``: as printed, with the table's scale and unit applied; a parenthesis is a minus."""

    row: int
    column: int
    text: str
    figure: Figure
    spells: tuple[Spell, ...]  # of its column's head, else of its row or section

    @property
    def value(self) -> Decimal:
        return self.figure.value

    @property
    def years(self) -> frozenset[int]:
        return frozenset(one.year for one in self.spells if one.year)


@dataclass(frozen=True, eq=False)
class Row:
    """``sections``: the headings above it, outermost first. ``cells`` by column."""

    at: int
    label: str
    sections: tuple[str, ...]
    cells: dict[int, Cell]

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.label)

    @property
    def path(self) -> str:
        return " ".join((*self.sections, self.label))


@dataclass(frozen=True, eq=False)
class Column:
    at: int
    head: str
    spells: tuple[Spell, ...]

    @cached_property
    def is_change(self) -> bool:
        """A column of differences between other columns."""
        return _CHANGE.search(self.head) is not None

    @cached_property
    def is_percent(self) -> bool:
        return is_percent(self.head)

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.head)


@dataclass(frozen=True, eq=False)
class Table:
    """``caption``: what stood above it and in its corner."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], caption: str = "") -> Table:
        """Of rows of texts; ragged ones are filled up. Never fails."""
        return _Reader(
            [[str(one).strip().replace(" . ", ". ") for one in row] for row in rows], caption
        ).read()

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row.cells.values()

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(year for cell in self.cells() for year in cell.years)


class _Reader:
    def __init__(self, rows: list[list[str]], caption: str) -> None:
        self._width = max((len(row) for row in rows), default=0)
        rows = rows if self._width else []
        self._rows = [[*row, *[""] * (self._width - len(row))] for row in rows]
        self._caption = caption

    def read(self) -> Table:
        heads = self._heads()
        columns = self._dated(tuple(self._column(at, heads) for at in range(self._width)), heads)
        corner = " ".join(row[0] for row in self._rows[:heads] if row)
        units = " ".join(cell for row in self._rows[:heads] for cell in row if names_scale(cell))
        titles = " ".join(" ".join(filter(None, self._rows[at])) for at in self._titles(heads))
        caption = " ".join(filter(None, (self._caption, corner, units, titles)))
        rows: list[Row] = []
        sections = self._first_section(heads)
        has_rows_below: bool = False
        for at in range(heads, len(self._rows)):
            row = self._rows[at]
            if not row or not any(row):
                continue
            if self._is_section(row):
                if has_rows_below:
                    sections, has_rows_below = [], False
                sections.append(row[0] or next(filter(None, row)))
                continue
            has_rows_below = True
            read = self._row(at, row, tuple(sections), columns, caption)
            rows.append(_with_total_named(read, rows))
        return Table(caption, columns, tuple(rows))

    def _heads(self) -> int:
        """How many rows are heads: until the first with a figure that is no period, or a heading
        below the periods."""
        dated = has_years = headed = False
        for at, row in enumerate(self._rows):
            if any(_is_data(cell) for cell in row[1:]):
                return at
            if (dated and self._is_heading(row)) or (has_years and self._looks_like_years(row)):
                return at
            if headed and [one for one in row if one] == [row[0]] and _is_period(row[0]):
                return at
            headed = headed or sum(map(bool, row[1:])) > 1
            has_years = has_years or any(one.year for cell in row[1:] for one in spells_of(cell))
            dated = dated or any(_is_period(cell) for cell in row[1:])
        return min(1, len(self._rows))

    def _looks_like_years(self, row: list[str]) -> bool:
        """Amounts such as 2014 and 1998 in a row with a label, below the heads."""
        filled = [cell for cell in row[1:] if cell]
        label = row[0]
        if not any(one.isalpha() for one in label) or spells_of(label) or names_scale(label):
            return False
        return bool(filled) and all(re.fullmatch(r"\d{4}", cell) for cell in filled)

    def _is_heading(self, row: list[str]) -> bool:
        filled = [at for at, cell in enumerate(row) if cell]
        if len(filled) != 1 or names_scale(row[filled[0]]) or _is_period(row[filled[0]]):
            return False
        return filled == [0] or row[filled[0]].endswith(":")

    def _column(self, at: int, heads: int) -> Column:
        if at == 0:
            return Column(0, self._rows[0][0] if self._rows else "", ())
        parts: list[str] = []
        titles = self._titles(heads)
        for number, row in enumerate(self._rows[:heads]):
            if number in titles:
                continue
            said = row[at]
            if not said and not names_scale(" ".join(row[1:])):
                said = self._spanning(row, at, heads)
            if said and said not in parts:
                parts.append(said)
        if not parts and at > 1 and self._is_empty(at - 1, heads):
            return replace(self._column(at - 1, heads), at=at)
        head = " ".join(parts)
        return Column(at, head, _spells(head))

    def _is_empty(self, at: int, heads: int) -> bool:
        """Whether a column has a head, but no figures below: they stand in the next one."""
        has_head = any(row[at] for row in self._rows[:heads])
        return has_head and not any(figures_of(row[at]) for row in self._rows[heads:])

    def _spanning(self, row: list[str], at: int, heads: int) -> str:
        """A head over several columns stands in the first of them. It is looked for where the
        heads below it come more than once, so that only it tells them apart."""
        filled = [one for one in range(1, self._width) if row[one]]
        last = self._rows[heads - 1]
        if row is last or len(filled) < 2 or not self._repeats(heads):
            return ""
        before = [one for one in filled if one < at]
        return row[before[-1]] if before else ""

    def _titles(self, heads: int) -> frozenset[int]:
        """Head rows with one cell only, above heads of their own: they are over all columns."""
        wide = [at for at in range(heads) if sum(map(bool, self._rows[at][1:])) > 1]
        return frozenset(
            at
            for at in range(heads)
            if self._stands_alone(at)
            and (names_scale(self._said(at)) or any(at < one for one in wide))
        )

    def _stands_alone(self, at: int) -> bool:
        return not self._rows[at][0] and sum(map(bool, self._rows[at])) == 1

    def _said(self, at: int) -> str:
        return next(filter(None, self._rows[at]), "")

    def _dated(self, columns: tuple[Column, ...], heads: int) -> tuple[Column, ...]:
        """A day that stands alone above the columns is the day of all that name none."""
        spells = [spell for at in self._titles(heads) for spell in _spells(self._said(at))]
        if not any(one.year for one in spells):
            return columns
        return tuple(
            replace(one, spells=tuple(spells)) if one.at and not one.spells else one
            for one in columns
        )

    def _repeats(self, heads: int) -> bool:
        """Whether the lowest head of some column is another column's too."""
        lowest = [
            next((row[at] for row in self._rows[heads - 1 :: -1] if self._names(row, at)), "")
            for at in range(1, self._width)
        ]
        named = [one for one in lowest if one]
        return len(set(named)) < len(named)

    def _names(self, row: list[str], at: int) -> bool:
        return bool(row[at]) and not names_scale(row[at])

    def _first_section(self, heads: int) -> list[str]:
        """The heading of the first rows may stand beside the periods, where others follow below."""
        said = self._rows[heads - 1][0] if heads and heads < len(self._rows) else ""
        if not said or names_scale(said) or spells_of(said):
            return []
        below = self._rows[heads + 1 :]
        return [said] if any(row[0] and self._is_section(row) for row in below) else []

    def _is_section(self, row: list[str]) -> bool:
        return sum(1 for cell in row if cell) == 1 and not any(_is_data(cell) for cell in row[1:])

    def _row(
        self, at: int, row: list[str], sections: tuple[str, ...], columns: Sequence[Column],
        caption: str,
    ) -> Row:  # fmt: skip
        label = row[0]
        own = spells_of(label) or [one for name in sections[::-1] for one in spells_of(name)]
        units = RowUnits.of(label, sections)
        cells: dict[int, Cell] = {}
        for column in range(1, self._width):
            found = figures_of(row[column])
            if not found:
                continue
            head = columns[column]
            first = found[0]
            if _UNCLOSED.match(row[column]) and first.value > 0:
                first = first._replace(value=-first.value, is_bracketed=True)
            figure = with_units(first, units, head.head, caption)
            spells = head.spells or tuple(own)
            cells[column] = Cell(at, column, row[column], figure, spells)
        return Row(at, label, sections, cells)


def _with_total_named(row: Row, before: Sequence[Row]) -> Row:
    """A row without a label that adds up those of its section above it is the section's total."""
    if row.label or not row.cells or not row.sections:
        return row
    summed = [one for one in before if one.sections == row.sections]
    if len(summed) < 2 or not all(one.label for one in summed):
        return row
    for at, cell in row.cells.items():
        parts = [one.cells[at].value for one in summed if at in one.cells]
        if not parts or sum(parts) != cell.value:
            return row
    return replace(row, label=f"Total {row.sections[-1].rstrip(' :')}")


def _spells(head: str) -> tuple[Spell, ...]:
    """A head's periods. "Years ended June 30, 2019": the day lends its month to the year."""
    found = spells_of(head)
    return tuple(one for one in found if one.year or one.kind is not Kind.THIS_YEAR)


@kept_up_to(SHORT)
def _is_data(cell: str) -> bool:
    if not cell or _NOTHING.match(cell) or _NOTE.match(cell):
        return bool(cell) and _NOTE.match(cell) is not None and not _is_period(cell)
    if _is_period(cell) or names_scale(cell) or _NUMBERED.fullmatch(cell):
        return False
    found = figures_of(_MARKED.sub("", cell)) if cell[:1].isalpha() else figures_of(cell)
    if not found:
        return False
    letters = sum(one.isalpha() for one in cell)
    return letters <= 12 and letters < len(cell) / 2 + 4


@kept_up_to(SHORT)
def _is_period(cell: str) -> bool:
    """Nothing in it but a period, and perhaps the mark of a note."""
    if cell.lstrip()[:1] in ("$", "€", "£", "¥"):
        return False
    rest = cell = _WEEKS.sub("", _MARKED.sub("", cell))
    for spell in reversed(spells_of(cell)):
        rest = rest[: spell.start] + rest[spell.end :]
    return rest != cell and not figures_of(rest)
