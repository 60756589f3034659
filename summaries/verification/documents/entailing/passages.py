"""A source taken apart once: its sentences and rows, the terms of each, every figure by its digits."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summaries.verification.documents.entailing.lexicon import term
from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tables import Cell, Row, Table
from summaries.verification.documents.tabular.statements import statements_of
from summaries.verification.documents.words import Word, words_of

_MOST_SENTENCES = 6000
_BARS = 2  # a line with more is a row of a table, if it has not many letters
_PROSE = 120
_SMALLEST, _LARGEST = 1e-30, 1e30
_BEFORE, _AFTER = 70, 40  # characters


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
        return frozenset(word.norm for word in self.words)

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

    @cached_property
    def _held(self) -> list[tuple[float, Held]]:
        found = ((size(one.value), one) for one in _held(self.passages))
        return sorted(found, key=lambda pair: pair[0])

    @cached_property
    def _sizes(self) -> list[float]:
        return [size for size, _ in self._held]

    @cached_property
    def _by_passage(self) -> dict[int, list[Held]]:
        made: dict[int, list[Held]] = defaultdict(list)
        for _, held in self._held:
            made[held.at].append(held)
        return made

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
        """The figures of a passage."""
        return self._by_passage.get(at, [])

    def figures(self, low: float, high: float) -> Iterator[Held]:
        """Those whose digits, without regard to powers of ten, make a number between."""
        first, last = bisect_left(self._sizes, low), bisect_right(self._sizes, high)
        return (self._held[at][1] for at in range(first, last))


@lru_cache(maxsize=32)
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


def _terms(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(term(word.norm) for word in words) - {""}


def _passages(source: Source) -> Iterator[Passage]:
    told = [one for one in source.sentences[:_MOST_SENTENCES] if one.words]
    terms = [_terms(one.words) for one in told]
    for at, one in enumerate(told):
        yield Passage(one, terms[at], frozenset().union(*terms[max(0, at - 2) : at + 2]))
    for table in source.tables or statements_of(source):
        yield from _rows(table)


def _rows(table: Table) -> Iterator[Passage]:
    heads = " ".join((table.caption, *(one.head for one in table.columns)))
    around = _terms(words_of(heads))
    for row in table.rows:
        own = _terms(words_of(row.label))
        near = own | around | _terms(words_of(" ".join(row.sections)))
        text = " ".join((row.path, *(one.text for one in row.cells.values())))
        yield Passage(Sentence(-1, text), own or near, near, row)


def _held(passages: Iterable[Passage]) -> Iterator[Held]:
    for at, one in enumerate(passages):
        if one.row:
            for cell in one.cells:
                yield Held(cell.figure, at, one, cell)
        elif one.said.text.count("|") <= _BARS or sum(map(str.isalpha, one.said.text)) > _PROSE:
            for figure in one.said.figures:
                yield Held(figure, at, one, None)
