"""The highest and the lowest of a line, and in how many years it was above or below a mark.

"Rent was highest in 2019", "the lowest rent from 2017 to 2019", "the number of years in which rent
exceeded $5 million".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from summaries.verification.documents.figures import Figure
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.asking import Spans, Words, impersonal, past, spans_of
from summaries.verification.documents.tabular.checking import Checked
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.lexicon import Verb
from summaries.verification.documents.tabular.tokens import Sort
from summaries.verification.documents.tabular.worths import Reading, Worth, named, readings, sized

HIGHEST = frozenset("highest largest greatest maximum biggest".split())
LOWEST = frozenset("lowest smallest least minimum".split())
_ABOVE = (("exceeded",), ("above",), ("over",), ("more", "than"), ("greater", "than"),
          ("higher", "than"))  # fmt: skip
_BELOW = (("below",), ("under",), ("less", "than"), ("lower", "than"))
_BETWEEN = frozenset("in for during which that when where was were the".split())


def check_extreme(clause: Clause, source: Source) -> Checked | None:
    """ "Rent was highest in 2019": of all the years that the line has."""
    if len(clause.now) != 1 or clause.levels or clause.changes:
        return None
    first: Checked | None = None
    for reading in readings(impersonal(clause.item), source):
        row, said = reading.over(Spans()), reading.at(clause.now[0])
        if len(row) < 2 or said is None:
            continue
        most = _most(row, clause.verb is Verb.HIGHEST)
        cells = tuple(cell for worth in row for cell, _ in worth.found)
        if said.value == most.value and sum(one.value == most.value for one in row) == 1:
            return Checked((), cells)
        told = f"{most.found[0][1].name}: {most.found[0][0].text} is more extreme."
        first = first or Checked((Reason("value", told),), cells)
    return first


def extremes(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    """ "The highest rent from 2017 to 2019": of those years, else of all."""
    for heads, is_highest in ((HIGHEST, True), (LOWEST, False)):
        rest = past(words, heads)
        for reading in readings(rest, source) if rest is not None else ():
            row = reading.over(spans)
            if len(row) > 1:
                yield _most(row, is_highest)


def _most(row: Sequence[Worth], is_highest: bool) -> Worth:
    return max(row, key=sized) if is_highest else min(row, key=sized)


def count_of_years(words: Words, source: Source) -> Iterator[tuple[int, Worth]]:
    """How often a line was above or below a mark, with the cells that tell it."""
    years = next((at for at, one in enumerate(words[:4]) if one.norm == "years"), None)
    mark = next((at for at, one in enumerate(words) if one.sort is Sort.FIGURE), None)
    if years is None or mark is None or mark < years + 3:
        return
    for shapes, is_above in ((_ABOVE, True), (_BELOW, False)):
        for shape in shapes:
            begin = mark - len(shape)
            if tuple(one.norm for one in words[begin:mark]) == shape:
                yield from _counted(words, years + 1, begin, mark, is_above, source)
                return


def _counted(
    words: Words, begin: int, end: int, mark: int, is_above: bool, source: Source
) -> Iterator[tuple[int, Worth]]:
    figure = words[mark].figure
    while begin < end and words[begin].norm in _BETWEEN:
        begin += 1
    while end > begin and words[end - 1].norm in _BETWEEN:
        end -= 1
    for reading in named(words[begin:end], source):
        row = reading.over(spans_of(words[mark + 1 :]))
        if figure is not None and len(row) > 1 and _compares(figure, reading):
            over = [one for one in row if _passes(sized(one), figure.value, is_above)]
            yield len(over), Worth(Decimal(len(over)), tuple(f for one in row for f in one.found))


def _passes(value: Decimal, mark: Decimal, is_above: bool) -> bool:
    return value > mark if is_above else value < mark


def _compares(figure: Figure, reading: Reading) -> bool:
    """In the same scale: a mark in thousands says nothing of a table that has no scale."""
    cells = [cell for line in reading.lines for _, cell in line.cells]
    return all(cell.figure.is_scaled == figure.is_scaled for cell in cells)
