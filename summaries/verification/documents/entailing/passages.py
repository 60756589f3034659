"""A source taken apart once: its sentences and rows, the terms of each, every figure by its digits."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from summaries.verification.documents.entailing.lexicon import term
from summaries.verification.documents.figures import Figure, Unit, spells_a_number
from summaries.verification.documents.numbers import places
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tables import Cell, Row, Table
from summaries.verification.documents.tabular.statements import statements_of
from summaries.verification.documents.words import Word, has_words, norms_of

_MOST_SENTENCES = 6000
_BARS = 2  # a line with more is a row of a table, if it has not many letters
_PROSE = 120
_SMALLEST, _LARGEST = 1e-30, 1e30
_BEFORE, _AFTER = 70, 40  # characters
_ROUNDED = 1e-9  # by which two ways to the same digits may differ


@dataclass(frozen=True, eq=False)
class Passage:
    """A sentence or a row of a table. ``near``: its terms with those beside it: of neighbouring
    sentences, of headings and the caption."""

    said: Sentence
    terms: frozenset[str]
    near: frozenset[str]
    row: Row | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        return self.said.words

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(self.row.cells.values()) if self.row else ()

    @cached_property
    def norms(self) -> frozenset[str]:
        return frozenset(norms_of(self.said.text))

    @cached_property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """Its terms, each with the number of its word."""
        return tuple((at, one) for at, word in enumerate(self.words) if (one := term(word.norm)))

    @cached_property
    def years(self) -> frozenset[int]:
        """That it names, or its cells."""
        told = frozenset(one.year for one in self.said.spells if one.year)
        return told | frozenset(year for cell in self.cells for year in cell.years)


@dataclass(frozen=True, eq=False)
class Held:
    """A figure of the source, of a sentence or of a cell."""

    figure: Figure
    at: int  # its passage
    passage: Passage
    cell: Cell | None

    @property
    def value(self) -> float:
        return float(self.figure.value)

    @property
    def unit(self) -> Unit:
        return self.figure.unit

    @property
    def years(self) -> frozenset[int]:
        """Of its column or sentence, where it names any."""
        return self.cell.years if self.cell else self.passage.years

    @cached_property
    def beside(self) -> frozenset[str]:
        """The terms a few words from it, directions among them; of a cell all that name it."""
        if self.cell:
            return self.passage.near
        return beside(self.figure, self.passage.words)


class Index:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.passages = tuple(_passages(source))
        self.by_term: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self.passages):
            for name in one.terms:
                self.by_term[name].append(at)
        self._weights: dict[str, float] = {}
        self._held: dict[int, list[Held]] = {}

    @cached_property
    def _read_first(self) -> list[tuple[float, Held]]:
        """The figures that no digits of the text lead to: of tables' rows, and in words."""
        found = ((size(held.value), held) for at in self._first for held in self.held(at))
        return sorted(found, key=_by_size)

    @cached_property
    def _first(self) -> frozenset[int]:
        return frozenset(
            at
            for at, one in enumerate(self.passages)
            if one.row is not None or spells_a_number(one.said.text)
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [one.said.start for one in self.passages if one.row is None]

    def weight(self, name: str) -> float:
        """How much a term tells: more where few passages have it, nothing where none has."""
        made = self._weights.get(name)
        if made is None:
            found = len(self.by_term.get(name, ()))
            made = math.log(1 + len(self.passages) / found) if found else 0.0
            self._weights[name] = made
        return made

    def nearest(self, terms: Iterable[str], most: int) -> list[int]:
        """The passages that share most of ``terms``, by weight; the best first."""
        score: dict[int, float] = defaultdict(float)
        for name in sorted(terms):
            weight = self.weight(name)
            for at in self.by_term.get(name, ()):
                score[at] += weight
        return heapq.nsmallest(most, score, key=lambda at: (-score[at], at))

    def covered(self, terms: frozenset[str], near: frozenset[str]) -> float:
        """The share of ``terms``, as far as known to the source, that is among ``near``."""
        known = sum(map(self.weight, terms))
        return sum(map(self.weight, terms & near)) / known if known else 0.0

    def held(self, at: int) -> list[Held]:
        """The figures of a passage, by their digits."""
        if at not in self._held:
            self._held[at] = sorted(_held(self.passages[at], at), key=lambda one: size(one.value))
        return self._held[at]

    def figures(self, low: float, high: float) -> list[Held]:
        """Those whose digits, without regard to powers of ten, make a number between."""
        first = bisect_left(self._read_first, low, key=_size)
        found = self._read_first[first : bisect_right(self._read_first, high, key=_size)]
        for at in self._passages_with(low, high) - self._first:
            sizes = ((size(held.value), held) for held in self.held(at))
            found += [pair for pair in sizes if low <= pair[0] <= high]
        return [held for _, held in sorted(found, key=_by_size)]

    def _passages_with(self, low: float, high: float) -> set[int]:
        """Sentences with digits that make a number between."""
        found = {
            bisect_right(self._starts, at) - 1
            for at in places(low * (1 - _ROUNDED), high * (1 + _ROUNDED), self.source)
        }
        return {at for at in found if at >= 0}


@kept_with
def index_of(source: Source) -> Index:
    return Index(source)


def size(value: float) -> float:
    """The digits of a number as one from 1 to 10; 0 of 0 and of what no figure of finance is."""
    value = abs(value)
    if not _SMALLEST < value < _LARGEST:
        return 0.0
    made = value / 10.0 ** math.floor(math.log10(value))
    return made / 10 if made >= 10 else made


def beside(figure: Figure, words: Sequence[Word]) -> frozenset[str]:
    first, last = figure.start - _BEFORE, figure.end + _AFTER
    return frozenset(term(word.norm) for word in words if first <= word.start <= last) - {""}


def _terms(text: str) -> frozenset[str]:
    return frozenset(map(term, norms_of(text))) - {""}


def _passages(source: Source) -> Iterator[Passage]:
    told = [one for one in source.sentences[:_MOST_SENTENCES] if has_words(one.text)]
    terms = [_terms(one.text) for one in told]
    for at, one in enumerate(told):
        yield Passage(one, terms[at], frozenset().union(*terms[max(0, at - 2) : at + 2]))
    for table in source.tables or statements_of(source):
        yield from _rows(table)


def _rows(table: Table) -> Iterator[Passage]:
    heads = " ".join((table.caption, *(one.head for one in table.columns)))
    around = _terms(heads)
    for row in table.rows:
        own = _terms(row.label)
        near = own | around | _terms(" ".join(row.sections))
        text = " ".join((row.path, *(one.text for one in row.cells.values())))
        yield Passage(Sentence(-1, text), own or near, near, row)


def _held(one: Passage, at: int) -> Iterator[Held]:
    if one.row:
        for cell in one.cells:
            yield Held(cell.figure, at, one, cell)
    elif one.said.text.count("|") <= _BARS or sum(map(str.isalpha, one.said.text)) > _PROSE:
        for figure in one.said.figures:
            yield Held(figure, at, one, None)


def _size(pair: tuple[float, Held]) -> float:
    return pair[0]


def _by_size(pair: tuple[float, Held]) -> tuple[float, int]:
    return pair[0], pair[1].at
