"""Which lines of a source's tables a claim's words name.

Every word of a line's label has to be said, and every word said has to belong to the label, to its
heading, its column or the sentence that introduces the table. The closest lines win.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summaries.verification.documents.seeds import kept_with
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
    r"\b(?:following|below|follows|table|summari[sz]|set forth|consist|compris|components?)"
)  # in lower case
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


def matches_of(terms: Sequence[str], source: Source) -> tuple[Match, ...]:
    """The closest matches; several where the words fit several lines equally well."""
    return _matches(counted(terms), source)


@lru_cache(maxsize=128)
def _matches(said: frozenset[str], source: Source) -> tuple[Match, ...]:
    found = _found(said, source)
    best = min((one.rank for one in found), default=0)
    return tuple(one for one in found if one.rank == best)


def amounts_of(terms: Sequence[str], source: Source) -> tuple[Match, ...]:
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
    bare = _bare(said)
    return [made for line in tried.values() for made in _fits(said, bare, line, source)]


def _bare(said: Iterable[str]) -> frozenset[str]:
    """Without how often each is said."""
    return frozenset(term.partition("#")[0] for term in said)


def _fits(said: frozenset[str], bare: frozenset[str], line: Line, source: Source) -> list[Match]:
    made = [
        Match(line, label.sign, rank)
        for label in line.labels
        if label.must <= said and (rank := _rank(said, bare, label, line, source)) is not None
    ]
    best = min((one.rank for one in made), default=0)
    return [one for one in made if one.rank == best][:1]


def _rank(
    said: frozenset[str], bare: frozenset[str], label: Label, line: Line, source: Source
) -> int | None:
    """0: the words, which have all that the label must, are the label; None: they aren't this
    line's."""
    head = line.head_terms
    if not (label.must or head):
        return None
    covers = head <= bare
    if not label.must and not covers:
        return None
    nearly = head - _WHOLE <= bare
    rank = (0 if covers else 2 if nearly else 3) + (
        0 if label.may <= said and not label.sign else 1
    )
    rest = _bare(said - label.must) - label.may
    if rest:
        rest -= frozenset(terms_of(line.head))
    rest -= VAGUE_TERMS
    if not rest:
        return rank
    for farther, terms in _around(line, source):
        rest -= terms if farther < _FAR else terms - _years(rest)
        if not rest:
            return rank + farther
    return None


def _around(line: Line, source: Source) -> Iterator[tuple[int, frozenset[str]]]:
    """What is said of a line beside its label and head, and how far off."""
    yield 6, line.section_terms
    yield _FAR, frozenset(terms_of(line.table.caption))
    yield 18, introduced(source)


def _years(terms: Iterable[str]) -> frozenset[str]:
    """A year is a line's own, or its heading's; that the source speaks of it says nothing."""
    return frozenset(one for one in terms if _YEAR.fullmatch(one))


@kept_with
def introduced(source: Source) -> frozenset[str]:
    """The words of the source's titles and of the sentences that introduce its table."""
    if len(source.text) > 20_000:
        return frozenset()
    titles = [
        line
        for line in source.text.splitlines()
        if not line.rstrip().endswith(".") and len(line.split()) <= _TITLE_WORDS
    ]
    leading = {
        bisect_right(source.starts, one.start()) - 1 for one in _INTRODUCES.finditer(source.lowered)
    }
    leads = [
        one.text
        for at, one in enumerate(source.sentences)
        if at in leading or one.text.endswith(":")
    ]
    return frozenset(terms_of(" | ".join((*titles, *leads))))
