"""What a phrase may be worth in a period: a cell, a share of two, a growth, an amount for each.

A reading is one way to understand the phrase; it gives a worth for each period that the source has
its parts of, with the cells it was worked out from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product

from summaries.verification.documents.figures import Unit
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.asking import (
    Spans,
    Words,
    lists_of,
    moved,
    parts_and_wholes,
    plain,
    spans_of,
)
from summaries.verification.documents.tabular.checking import loses
from summaries.verification.documents.tabular.lines import Line, terms_of
from summaries.verification.documents.tabular.locating import (
    Found,
    all_of,
    cells_at,
    lines_named,
    row_of,
)
from summaries.verification.documents.tabular.periods import Period

_HUNDRED = Decimal(100)
_MOST_LINES, _MOST_WAYS = 3, 24
_COUNTED = frozenset(terms_of("number employees headcount stores customers units"))


@dataclass(frozen=True)
class Worth:
    """``is_ratio``: of two amounts, so that it may be told as a percentage or as a plain number;
    ``is_rate``: in percent; ``is_gap``: a difference."""

    value: Decimal
    found: tuple[Found, ...]
    is_ratio: bool = False
    is_rate: bool = False
    is_gap: bool = False


@dataclass(frozen=True)
class Reading:
    """``lines``: of a phrase that names lines and nothing else."""

    at: Callable[[Period | None], Worth | None]
    lines: tuple[Line, ...] = ()
    is_growth: bool = False

    def over(self, spans: Spans) -> list[Worth]:
        """One worth a period; none where one is missing. Of a row, its years between too."""
        if not spans.periods:
            return [_worth_of(one) for one in all_of(self.lines)]
        if spans.is_range and len(spans.periods) == 2:
            first, last = spans.periods
            row = [_worth_of(one) for one in row_of(self.lines, first, last)]
            return row or self._each(_years(first, last)[self.is_growth :])
        return self._each(spans.periods)

    def _each(self, periods: Sequence[Period]) -> list[Worth]:
        made = [self.at(one) for one in periods]
        return [one for one in made if one is not None] if None not in made else []


def readings(words: Words, source: Source) -> Iterator[Reading]:
    """Each way to understand the phrase, likelier ones first."""
    yield from islice(_readings(words, source), _MOST_WAYS)


def _readings(words: Words, source: Source) -> Iterator[Reading]:
    yield from named(words, source)
    yield from _shares(words, source)
    change = moved(words)
    if change is not None and change.is_rate:
        for reading in named(change.of, source):
            yield Reading(_growth(reading), is_growth=True)


def named(words: Words, source: Source) -> Iterator[Reading]:
    for lines in islice(lines_named(words, source), _MOST_LINES):
        yield Reading(_cell(lines), lines)


def _cell(lines: tuple[Line, ...]) -> Callable[[Period | None], Worth | None]:
    def at(period: Period | None) -> Worth | None:
        found = cells_at(lines, period)
        return _worth_of(found[0]) if found else None

    return at


def _worth_of(found: Found) -> Worth:
    return Worth(found[0].value, (found,))


def _years(first: Period, last: Period) -> list[Period]:
    if not 0 < last.year - first.year < 12:
        return [first, last]
    return [Period(year) for year in range(first.year, last.year + 1)]


def _shares(words: Words, source: Source) -> Iterator[Reading]:
    for part_words, whole_words in islice(parts_and_wholes(words), _MOST_WAYS):
        said = whole_words if plain(whole_words) else [*plain(part_words), *whole_words]
        yield from shares_of(part_words, said, source)


def shares_of(part_words: Words, whole_words: Words, source: Source) -> Iterator[Reading]:
    ones, others = spans_of(part_words), spans_of(whole_words)
    wholes = list(named(whole_words, source))
    if not wholes:
        return
    for parts in sums(part_words, source):
        for whole in wholes:
            yield Reading(_share(parts, whole, ones, others))


def sums(words: Words, source: Source) -> Iterator[tuple[Reading, ...]]:
    """The phrase as one thing, or as a list of things that add up."""
    for parts in lists_of(plain(words)):
        ways = [list(named(part, source)) for part in parts]
        if all(ways):
            yield from islice(product(*ways), _MOST_LINES)


def _share(
    parts: Sequence[Reading], whole: Reading, ones: Spans, others: Spans
) -> Callable[[Period | None], Worth | None]:
    def at(period: Period | None) -> Worth | None:
        made = [one.at(_own(ones, period)) for one in parts]
        of = whole.at(_own(others, period))
        if of is None or not of.value or None in made:
            return None
        found = [one for worth in made if worth is not None for one in worth.found] + [*of.found]
        if not _comparable(found, is_dated=period is not None):
            return None
        total = sum((worth.value for worth in made if worth is not None), Decimal(0))
        return Worth(total / of.value, tuple(found), is_ratio=True)

    return at


def _own(spans: Spans, period: Period | None) -> Period | None:
    """A side's own period, else the one that is asked for."""
    return spans.only if len(spans.periods) == 1 or period is None else period


def _comparable(found: Sequence[Found], *, is_dated: bool) -> bool:
    """Of one kind, amounts or percentages, of different cells; undated ones side by side."""
    rates = {cell.figure.unit is Unit.PERCENT for cell, _ in found}
    cells = [cell for cell, _ in found]
    places = {(id(line.table), cell.row, cell.column, cell.value) for cell, line in found}
    if len(rates) > 1 or len(places) < len(found):
        return False
    one_table = len({id(line.table) for _, line in found}) == 1
    beside = len({cell.column for cell in cells}) == 1 or len({cell.row for cell in cells}) == 1
    return is_dated or (one_table and beside)


def _growth(reading: Reading) -> Callable[[Period | None], Worth | None]:
    def at(period: Period | None) -> Worth | None:
        if period is None:
            return None
        return change_rate(reading.at(period.before()), reading.at(period))

    return at


def change_rate(first: Worth | None, last: Worth | None) -> Worth | None:
    """In percent of what it was; of a loss, of its amount."""
    if first is None or last is None or not first.value:
        return None
    gap = sized(last) - sized(first)
    return Worth(gap / abs(first.value) * _HUNDRED, (*first.found, *last.found), is_rate=True)


def sized(worth: Worth) -> Decimal:
    """Of what is spent or lost its amount, whichever way it is printed."""
    line = worth.found[0][1]
    return abs(worth.value) if loses(line) else worth.value


def per(words: Words, source: Source) -> Iterator[Reading]:
    """ "Rent per employee", where no line has that itself."""
    at = next((at for at, one in enumerate(words) if one.norm == "per"), 0)
    if not at:
        return
    for one, other in product(named(words[:at], source), named(words[at + 1 :], source)):
        yield Reading(_for_each(one, other))


def _for_each(one: Reading, other: Reading) -> Callable[[Period | None], Worth | None]:
    def at(period: Period | None) -> Worth | None:
        amount, count = one.at(period), other.at(period)
        if amount is None or count is None or not count.value:
            return None
        cell, line = count.found[0]
        number = cell.value / cell.figure.scale if counts(line) else cell.value
        return Worth(amount.value / number, (*amount.found, *count.found))

    return at


def counts(line: Line) -> bool:
    """Of people and things, which a table in thousands of dollars doesn't scale."""
    return not line.all_terms.isdisjoint(_COUNTED)
