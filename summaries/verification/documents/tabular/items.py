"""Which lines of a source's tables a claim's words name.

Every word of a line's label has to be said, and every word said has to belong to the label, to its
heading, its column or the sentence that introduces the table. The closest lines win.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.lexicon import VAGUE
from summaries.verification.documents.tabular.lines import (
    Label,
    Line,
    counted,
    lines_by_term,
    terms_of,
)
from summaries.verification.documents.tabular.tokens import Token

VAGUE_TERMS = frozenset(term for word in VAGUE for term in terms_of(word))
_INTRODUCES = re.compile(
    r"\b(?:following|below|follows|table|summari[sz]|set forth|consist|compris|components?)", re.I
)
_WHOLE = VAGUE_TERMS | frozenset(terms_of("total balance"))  # a column of the measure itself
_YEAR = re.compile(r"(?:19|20)\d\d")
_TITLE_WORDS = 14
_FAR = 12  # the rank of what only the caption or the text says


@dataclass(frozen=True)
class Match:
    line: Line
    sign: int
    rank: int  # less is closer


def item_terms(item: Sequence[Token]) -> tuple[str, ...]:
    return terms_of(" ".join(one.norm for one in item))


def matches_of(terms: Iterable[str], source: Source) -> tuple[Match, ...]:
    """The closest matches; several where the words fit several lines equally well."""
    return _matches(counted(terms), source)


@lru_cache(maxsize=128)
def _matches(said: frozenset[str], source: Source) -> tuple[Match, ...]:
    found = _found(said, source)
    best = min((one.rank for one in found), default=0)
    return tuple(one for one in found if one.rank == best)


def amounts_of(terms: Iterable[str], source: Source) -> tuple[Match, ...]:
    """The closest matches of those that are no percentages."""
    return _amounts(counted(terms), source)


@lru_cache(maxsize=128)
def _amounts(said: frozenset[str], source: Source) -> tuple[Match, ...]:
    found = [one for one in _found(said, source) if not one.line.is_percent]
    best = min((one.rank for one in found), default=0)
    return tuple(one for one in found if one.rank == best)


def _found(said: frozenset[str], source: Source) -> list[Match]:
    by_term = lines_by_term(source)
    tried: dict[int, Line] = {
        id(line): line for term in (*said, "") for line in by_term.get(term, ())
    }
    return [made for line in tried.values() for made in _fits(said, line, source)]


def _fits(said: frozenset[str], line: Line, source: Source) -> list[Match]:
    made = [
        Match(line, label.sign, rank)
        for label in line.labels
        if (rank := _rank(said, label, line, source)) is not None
    ]
    best = min((one.rank for one in made), default=0)
    return [one for one in made if one.rank == best][:1]


def _rank(said: frozenset[str], label: Label, line: Line, source: Source) -> int | None:
    """0: the words are the label; None: they aren't this line's."""
    if not label.must <= said or not (label.must or line.head_terms):
        return None
    head = line.head_terms
    bare = {term.partition("#")[0] for term in said}
    covers = head <= bare
    if not label.must and not covers:
        return None
    nearly = head - _WHOLE <= bare
    rank = (0 if covers else 2 if nearly else 3) + (
        0 if label.may <= said and not label.sign else 1
    )
    rest = frozenset(term.partition("#")[0] for term in said - label.must) - label.may
    rest -= frozenset(terms_of(line.head))
    if rest and rest <= VAGUE_TERMS:
        return rank
    rest -= VAGUE_TERMS
    for farther, terms in (
        (0, frozenset[str]()),
        (6, line.section_terms),
        (12, frozenset(terms_of(line.table.caption))),
        (18, introduced(source)),
    ):
        rest -= terms if farther < _FAR else terms - _years(rest)
        if not rest:
            return rank + farther
    return None


def _years(terms: Iterable[str]) -> frozenset[str]:
    """A year is a line's own, or its heading's; that the source speaks of it says nothing."""
    return frozenset(one for one in terms if _YEAR.fullmatch(one))


@lru_cache(maxsize=32)
def introduced(source: Source) -> frozenset[str]:
    """The words of the source's titles and of the sentences that introduce its table."""
    if len(source.text) > 20_000:
        return frozenset()
    said: set[str] = set()
    for line in source.text.splitlines():
        if len(line.split()) <= _TITLE_WORDS and not line.rstrip().endswith("."):
            said.update(terms_of(line))
    for sentence in source.sentences:
        if _INTRODUCES.search(sentence.text) or sentence.text.rstrip().endswith(":"):
            said.update(terms_of(sentence.text))
    return frozenset(said)
