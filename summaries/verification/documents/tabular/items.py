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

_VAGUE = frozenset(term for word in VAGUE for term in terms_of(word))
_INTRODUCES = re.compile(
    r"\b(?:following|below|follows|table|summari[sz]|set forth|consist|compris|components?)", re.I
)
_TITLE_WORDS = 14


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
    by_term = lines_by_term(source)
    tried: dict[int, Line] = {
        id(line): line for term in (*said, "") for line in by_term.get(term, ())
    }
    found = [made for line in tried.values() for made in _fits(said, line, source)]
    best = min((one.rank for one in found), default=0)
    return tuple(one for one in found if one.rank == best)


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
    covers = head <= {term.partition("#")[0] for term in said}
    if not label.must and not covers:
        return None
    rank = (0 if covers else 2) + (0 if label.may <= said and not label.sign else 1)
    rest = frozenset(term.partition("#")[0] for term in said - label.must) - label.may - head
    if rest and rest <= _VAGUE:
        return rank
    rest -= _VAGUE
    for farther, terms in (
        (0, frozenset[str]()),
        (4, line.section_terms),
        (8, frozenset(terms_of(line.table.caption))),
        (12, _introduced(source)),
    ):
        rest -= terms
        if not rest:
            return rank + farther
    return None


@lru_cache(maxsize=32)
def _introduced(source: Source) -> frozenset[str]:
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
