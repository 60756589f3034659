"""A question's words: what they weigh, and how passages that hold them are found."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.db import connection

from summaries.passages.terms import Words, normal, place, place_of_pair, quoted, sparse

# A pair counts for so much of what its words would count by themselves, as if independent.
PAIR_WEIGHT = 0.4
MOST_WORDS = 64
# Passages that a search of all stocks scores by their words; bounds its time.
CANDIDATES = 1000
# Common words whose sets are looked for: each more makes GIN read another long list.
MOST_TOGETHER = 4

# What analysts write, and what filings print.
_MEANT = tuple(
    (re.compile(rf"\b{short}\b", re.IGNORECASE), long)
    for short, long in {
        r"PP ?& ?E": "property plant and equipment",
        r"PPNE": "property plant and equipment net",
        r"cap-?ex": "capital expenditures",
        r"op-?ex": "operating expenses",
        r"D ?& ?A": "depreciation and amortization",
        r"EPS": "earnings per share",
        r"COGS": "cost of goods sold",
        r"SG ?& ?A": "selling general and administrative",
        r"R ?& ?D": "research and development",
        r"P ?& ?L": "income statement",
        r"FCF": "free cash flow",
        r"ROA": "return on assets",
        r"ROE": "return on equity",
        r"DPO": "days payable outstanding",
        r"DSO": "days sales outstanding",
        r"Y-?o-?Y": "year over year",
    }.items()
)


_COUNTED = (
    "SELECT word.lexeme, word.positions, counted.chunks,"
    " (SELECT chunks FROM summaries_termfrequency WHERE lexeme = '')"
    " FROM unnest(to_tsvector('english', %s)) AS word"
    " LEFT JOIN summaries_termfrequency AS counted ON counted.lexeme = word.lexeme"
)


@dataclass(frozen=True)
class Candidates:
    """``tsquery``: what they hold. ``is_too_many``: the question has nothing rarer to go by."""

    tsquery: str
    is_too_many: bool


@dataclass(frozen=True)
class Wording:
    """``idf`` by lexeme; ``chunks``: in how many free passages each is thought to stand."""

    said: Words
    idf: dict[str, float]
    chunks: dict[str, int]
    total: int

    @property
    def is_empty(self) -> bool:
        return not self.idf

    @cached_property
    def vector(self) -> dict[int, float]:
        """The weights whose inner product with a passage's is its BM25 score."""
        counts = Counter(lexeme for _, lexeme in self.said.placed if lexeme in self.idf)
        found = {place(lexeme): count * self.idf[lexeme] for lexeme, count in counts.items()}
        for (one, other), count in Counter(self.said.pairs()).items():
            if one in self.idf and other in self.idf:
                both = PAIR_WEIGHT * (self.idf[one] + self.idf[other])
                found[place_of_pair(one, other)] = count * both
        return found

    def sparse(self) -> str:
        return sparse(self.vector)

    def weight(self) -> float:
        """What a passage scores that says all of it once, at usual length."""
        return sum(self.vector.values())

    @cached_property
    def candidates(self) -> Candidates:
        """Passages worth scoring: those with rare words, and those with several common ones."""
        clauses: list[str] = []
        room = float(CANDIDATES)
        for expected, lexemes in self._sets():
            if clauses and expected > room:
                continue
            clauses.append(" & ".join(quoted(lexeme) for lexeme in lexemes))
            room -= expected
        return Candidates(" | ".join(f"({clause})" for clause in clauses), room < 0)

    def _sets(self) -> Iterator[tuple[float, tuple[str, ...]]]:
        """Sets of words and how many passages are expected to hold all of each; the most telling
        first."""
        rare_first = sorted(self.idf, key=lambda lexeme: (self.chunks[lexeme], lexeme))
        room = CANDIDATES
        common: list[str] = []
        for lexeme in rare_first:
            if self.chunks[lexeme] <= room:
                room -= self.chunks[lexeme]
                yield self.chunks[lexeme], (lexeme,)
            else:
                common.append(lexeme)
        several = common[:MOST_TOGETHER]
        sets = [one for size in range(2, len(several) + 1) for one in combinations(several, size)]
        yield from sorted((self._expected(one), one) for one in sets)
        if len(rare_first) == len(several) == 1:
            yield self.chunks[several[0]], (several[0],)

    def _expected(self, lexemes: Sequence[str]) -> float:
        """Words of one subject stand together more often than by chance: so many times."""
        together = 3.0 ** (len(lexemes) - 1)
        shares = math.prod(self.chunks[lexeme] / max(self.total, 1) for lexeme in lexemes)
        return min(self.total * shares * together, *(self.chunks[one] for one in lexemes))


def read(text: str) -> Wording:
    """The question's words, with how common each is."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [normal(_spelled_out(text))])
        rows = cursor.fetchall()
    said = Words(tuple(sorted((at, lexeme) for lexeme, places, _, _ in rows for at in places)))
    total = rows[0][3] or 0 if rows else 0
    chunks = {lexeme: count or 0 for lexeme, _, count, _ in rows}
    idf = {lexeme: _idf(count, total) for lexeme, count in chunks.items()}
    kept = sorted(idf, key=lambda lexeme: (-idf[lexeme], lexeme))[:MOST_WORDS]
    return Wording(said, {lexeme: idf[lexeme] for lexeme in kept}, chunks, total)


def _spelled_out(text: str) -> str:
    """The question with what its abbreviations mean after it."""
    meant = [long for pattern, long in _MEANT if pattern.search(text)]
    return ". ".join([text, *meant])


def _idf(count: int, total: int) -> float:
    """Of Robertson and Spärck Jones, kept positive as Lucene does."""
    count = min(count, total)
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
