"""Words of a text as weighted terms: lexemes, and pairs of neighbours.

BM25 (Robertson and Zaragoza, 2009) as an inner product: a document's vector holds the saturated
term frequencies, a query's the inverse document frequencies. The average length is fixed, so that
a document's vector never changes with its neighbours. Pairs tell "operating income" from an income
near an operating lease; nobody has to count them, see `search.wording`.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from summaries.models.passages import TERM_PLACES

# Measured on questions about filings (bench/retrieval.py), by cross-validation.
SATURATION = 0.9  # k1
LENGTH_PENALTY = 0.6  # b
AVERAGE_LENGTH = 100  # lexemes of a passage
PAIR_REACH = 2  # words: a stop word may stand between the two
MOST_TERMS = 900  # 8 bytes each: the vector must fit a page of 8 kB

_NORMAL = (
    (re.compile("[’`´]"), "'"),
    (re.compile(r"'s\b", re.IGNORECASE), ""),
    (re.compile(r"\bF\.?Y\.? ?'?(\d{4})\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bF\.?Y\.? ?'?(\d{2})\b", re.IGNORECASE), r"20\1"),
    # PostgreSQL's parser reads and/or as a path, 2018-2019 as a year and a negative number.
    (re.compile(r"[/\\_]|[-–—−](?=\d)"), " "),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
)
_LEXEME = re.compile(r"'((?:[^']|'')*)':([\d,]+)")


@dataclass(frozen=True)
class Words:
    """Lexemes in the order of the text, each with its place, from 1."""

    placed: tuple[tuple[int, str], ...]

    @property
    def lexemes(self) -> frozenset[str]:
        return frozenset(lexeme for _, lexeme in self.placed)

    def pairs(self) -> list[tuple[str, str]]:
        return [
            (one, other)
            for (at, one), (then, other) in pairwise(self.placed)
            if then - at <= PAIR_REACH
        ]


def normal(text: str) -> str:
    """The text in the spelling whose words are compared: FY19 is 2019, 1,234 is one number."""
    for pattern, instead in _NORMAL:
        text = pattern.sub(instead, text)
    return text


def words(texts: Sequence[str]) -> list[Words]:
    """The lexemes of each text by PostgreSQL's English dictionary: stemmed, stop words left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('english', text)::text"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS one(text, place) ORDER BY place",
            [[normal(text) for text in texts]],
        )
        return [_parsed(row[0]) for row in cursor.fetchall()]


def _parsed(printed: str) -> Words:
    """``'revenu':2,7 'grew':3`` as PostgreSQL prints a tsvector."""
    placed: list[tuple[int, str]] = []
    for lexeme, places in _LEXEME.findall(printed):
        if "''" in lexeme or "\\" in lexeme:
            lexeme = lexeme.replace("''", "'").replace("\\\\", "\\")
        if places.isdigit():
            placed.append((int(places), lexeme))
        else:
            placed.extend((int(each), lexeme) for each in places.split(","))
    placed.sort()
    return Words(tuple(placed))


def tsvector(lexemes: frozenset[str]) -> str:
    """As PostgreSQL reads it, without positions."""
    return " ".join(map(quoted, lexemes))


def quoted(lexeme: str) -> str:
    """A lexeme as tsvector and tsquery read it, whatever stands in it."""
    if "'" in lexeme or "\\" in lexeme:
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"


def weights(said: Words) -> dict[int, float]:
    """Place and weight of each term of a document, 0 to SATURATION + 1."""
    length = len(said.placed)
    norm = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * length / AVERAGE_LENGTH)
    counts = Counter([place(lexeme) for _, lexeme in said.placed])
    counts.update([place_of_pair(one, other) for one, other in said.pairs()])
    most = max(counts.values(), default=0)
    worth = [count * (SATURATION + 1) / (count + norm) for count in range(most + 1)]
    return {at: worth[count] for at, count in list(counts.items())[:MOST_TERMS]}


def place(term: str) -> int:
    """Where a term stands in a sparse vector, from 1. The hash need only spread well."""
    return zlib.crc32(term.encode()) % TERM_PLACES + 1


def place_of_pair(one: str, other: str) -> int:
    return place(f"{one} {other}")


def sparse(vector: Mapping[int, float]) -> str:
    """A sparse vector as pgvector reads it; it sorts the places itself."""
    return f"{{{','.join([f'{at}:{weight:.4f}' for at, weight in vector.items()])}}}/{TERM_PLACES}"
