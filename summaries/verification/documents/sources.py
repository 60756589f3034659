"""What a claim is held against: a document's text and tables, read once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from summaries.verification.documents.figures import Figure, figures_of
from summaries.verification.documents.piped import piped_tables
from summaries.verification.documents.spells import Spell, spells_of
from summaries.verification.documents.tables import Table
from summaries.verification.documents.wording import NUMBER, flat, lower, wording
from summaries.verification.documents.words import Word, stems_of, words_of
from summaries.verification.sentences import sentences

_ROOM = 5_000_000  # characters; what is read in them takes some 20 bytes for each
_CELL = 40  # characters that a cell of a table counts for beside its own
_Rows = tuple[tuple[str, ...], ...]
_Parts = tuple[str, _Rows, tuple[str, ...], int, int]


@dataclass(frozen=True)
class Sentence:
    """``start``: in the document's text, in code points."""

    start: int
    text: str

    @cached_property
    def lowered(self) -> str:
        return lower(self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(words_of(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.text)

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        return tuple(spells_of(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Without those that are part of a period."""
        return tuple(without(figures_of(self.text), self.spells))


@dataclass(frozen=True, eq=False)
class Source:
    """``company``: names and ticker it is about. ``year``, ``quarter``: of the period it reports,
    0 where unknown."""

    text: str
    tables: tuple[Table, ...] = ()
    company: tuple[str, ...] = ()
    year: int = 0
    quarter: int = 0

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(Sentence(start, self.text[start:end]) for start, end in sentences(self.text))

    @cached_property
    def starts(self) -> list[int]:
        """Where its sentences begin."""
        return [one.start for one in self.sentences]

    @cached_property
    def lowered(self) -> str:
        return lower(self.text)

    @cached_property
    def folded(self) -> str:
        return self.text.casefold()

    @cached_property
    def flat(self) -> str:
        return flat(self.text)

    def saying(self, word: str) -> Iterator[int]:
        """Indexes of the sentences with a word, or part of one, in lower case."""
        at = self.lowered.find(word)
        while at >= 0:
            index = bisect_right(self.starts, at)
            if index:
                yield index - 1
            at = self.lowered.find(word, self.starts[index]) if index < len(self.starts) else -1

    @cached_property
    def by_wording(self) -> Mapping[str, Sequence[Sentence]]:
        """Its sentences that have numbers, by their words without them."""
        found: dict[str, list[Sentence]] = {}
        for one in self.sentences:
            if NUMBER.search(one.text):
                found.setdefault(wording(one.text), []).append(one)
        return found


def without(figures: Sequence[Figure], spells: Sequence[Spell]) -> list[Figure]:
    """The figures that are no part of a period."""
    if not spells:
        return list(figures)
    return [
        one
        for one in figures
        if not any(spell.start < one.end and one.start < spell.end for spell in spells)
    ]


def source_of(
    text: str,
    rows: Sequence[Sequence[str]] | None = None,
    *,
    meta: Mapping[str, object] | None = None,
) -> Source:
    """A source from plain parts. Lines with bars in the text are tables too."""
    meta = meta or {}
    key = tuple(tuple(map(str, row)) for row in rows or ())
    company = tuple(str(meta[name]) for name in ("company", "ticker") if meta.get(name))
    year, quarter = _period(meta)
    return _SHELF.get((text, key, company, year, quarter))


class _Shelf:
    """The sources lately asked for, with all that was read in them; together at most ``room``
    characters, and always the last one. For any number of threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._held = 0
        self._sources: OrderedDict[_Parts, Source] = OrderedDict()
        self._lock = Lock()

    def get(self, parts: _Parts) -> Source:
        with self._lock:
            if parts in self._sources:
                self._sources.move_to_end(parts)
                return self._sources[parts]
        made = _made(*parts)
        with self._lock:
            if parts not in self._sources:
                self._sources[parts] = made
                self._held += _size(parts)
            while self._held > self._room and len(self._sources) > 1:
                self._held -= _size(self._sources.popitem(last=False)[0])
        return made


def _made(text: str, rows: _Rows, company: tuple[str, ...], year: int, quarter: int) -> Source:
    tables = [Table.of(rows)] if rows else []
    tables += piped_tables(text)
    return Source(text, tuple(tables), company, year, quarter)


def _size(parts: _Parts) -> int:
    text, rows, *_ = parts
    return len(text) + sum(len(cell) + _CELL for row in rows for cell in row)


_SHELF = _Shelf(_ROOM)


def _period(meta: Mapping[str, object]) -> tuple[int, int]:
    """ "2021Q3", "Q3 2021", "2021-Q3"; a report's year."""
    said = " ".join(str(meta.get(name) or "") for name in ("quarter", "period"))
    for spell in spells_of(re.sub(r"(\d{4})[\s-]?Q([1-4])", r"Q\2 \1", said)):
        if spell.number and spell.year:
            return spell.year, spell.number
    year = str(meta.get("report_year") or meta.get("year") or "")
    return (int(year), 0) if year.isdecimal() and len(year) == 4 else (0, 0)
