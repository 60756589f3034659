"""The documents a question is asked of, read as one, with the way back to each."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from queries.answering.values import Place
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tables import Cell, Table
from summaries.verification.documents.tabular.lines import Line, lines_of
from summaries.verification.documents.tabular.told import Told

_BETWEEN = "\n\n"
_FARTHEST = 400  # characters from a label to its figure in a statement of lines
_LONGEST_LABEL = 120
_TELLING = 5  # characters of a figure that is known without its label


@dataclass(frozen=True, eq=False)
class Pages:
    sources: tuple[Source, ...]

    @cached_property
    def whole(self) -> Source:
        """All as one source: a ratio takes its parts from several pages."""
        if len(self.sources) == 1:
            return self.sources[0]
        first = self.sources[0] if self.sources else Source("")
        return Source(
            _BETWEEN.join(one.text for one in self.sources),
            tuple(table for one in self.sources for table in one.tables),
            tuple(dict.fromkeys(name for one in self.sources for name in one.company)),
            first.year,
            first.quarter,
        )

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for one in self.sources:
            starts.append(at)
            at += len(one.text) + len(_BETWEEN)
        return starts

    def span(self, start: int, end: int) -> Place:
        """Of the whole's text, in the document that holds it."""
        document = max(0, bisect_right(self._starts, start) - 1)
        shift = self._starts[document]
        quote = self.whole.text[start:end]
        return Place(document, quote, start - shift, end - shift)

    def sentence(self, one: Sentence) -> Place:
        return self.span(one.start, one.start + len(one.text))

    def cell(self, cell: Cell, line: Line) -> Place | None:
        """Where a figure is printed; None where it was worked out."""
        if isinstance(cell, Told):
            return self.sentence(cell.sentence)
        if line.at < 0:
            return self._alike(cell, line)
        table = self._table(line.table)
        if table is not None:
            document, number = table
            return Place(document, cell.text, table=number, row=cell.row, column=cell.column)
        return self._printed(cell, line)

    def _alike(self, cell: Cell, line: Line) -> Place | None:
        """Of a part of the statements that is read under another name, the line that prints it."""
        period = next((at for at, one in line.cells if one is cell), None)
        for other in lines_of(self.whole) if period else ():
            for one in other.at_period(period):
                if abs(one.value) == abs(cell.value) and not isinstance(one, Told):
                    return self.cell(one, other)
        return None

    def _table(self, table: Table) -> tuple[int, int] | None:
        for document, source in enumerate(self.sources):
            for number, one in enumerate(source.tables):
                if one is table:
                    return document, number
        return None

    def _printed(self, cell: Cell, line: Line) -> Place | None:
        """A figure of a statement that stands in the text as lines: after its label."""
        figure = re.compile(rf"(?<![\d,.]){re.escape(cell.text)}(?![\d,]|\.\d)")
        text = self.whole.text
        for label in (r"\s+".join(map(re.escape, line.label.split())), _loosely(line.label)):
            for match in re.finditer(label, text) if label else ():
                found = figure.search(text, match.end(), match.end() + _FARTHEST)
                if found is not None:
                    return self.span(match.start(), found.end())
        alone = list(figure.finditer(text)) if len(cell.text) >= _TELLING else []
        return self.span(*alone[0].span()) if len(alone) == 1 else None


def _loosely(label: str) -> str:
    """As it stands in a text that lost its spaces."""
    return r"\s*".join(map(re.escape, "".join(label.split())[:_LONGEST_LABEL]))
