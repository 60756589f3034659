"""What a claim is held against: a document's text and tables, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summaries.verification.documents.figures import Figure, figures_of
from summaries.verification.documents.piped import piped_tables
from summaries.verification.documents.spells import Spell, spells_of
from summaries.verification.documents.tables import Table
from summaries.verification.documents.wording import NUMBER, flat, wording
from summaries.verification.documents.words import Word, words_of
from summaries.verification.sentences import sentences


@dataclass(frozen=True)
class Sentence:
    """``start``: in the document's text, in code points."""

    start: int
    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(words_of(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words if not word.is_stop)

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        return tuple(spells_of(self.text))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Without those that are part of a period."""
        return tuple(without(figures_of(self.text), self.spells))


@dataclass(frozen=True)
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
    def flat(self) -> str:
        return flat(self.text)

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
    key = tuple(tuple(str(cell) for cell in row) for row in rows or ())
    company = tuple(str(meta[name]) for name in ("company", "ticker") if meta.get(name))
    year, quarter = _period(meta)
    return _made(text, key, company, year, quarter)


@lru_cache(maxsize=32)
def _made(
    text: str, rows: tuple[tuple[str, ...], ...], company: tuple[str, ...], year: int, quarter: int
) -> Source:
    tables = [Table.of(rows)] if rows else []
    tables += piped_tables(text)
    return Source(text, tuple(tables), company, year, quarter)


def _period(meta: Mapping[str, object]) -> tuple[int, int]:
    """ "2021Q3", "Q3 2021", "2021-Q3"; a report's year."""
    said = " ".join(str(meta.get(name) or "") for name in ("quarter", "period"))
    for spell in spells_of(re.sub(r"(\d{4})[\s-]?Q([1-4])", r"Q\2 \1", said)):
        if spell.number and spell.year:
            return spell.year, spell.number
    year = str(meta.get("report_year") or meta.get("year") or "")
    return (int(year), 0) if year.isdecimal() and len(year) == 4 else (0, 0)
