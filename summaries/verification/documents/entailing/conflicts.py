"""What a clause says that its source says otherwise: directions, denials, opposites, scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summaries.verification.documents.entailing.clauses import Clause
from summaries.verification.documents.entailing.lexicon import (
    DENYING,
    DOWN,
    OPPOSITES,
    SWEEPING,
    UP,
    term,
)
from summaries.verification.documents.entailing.passages import Index, Passage
from summaries.verification.documents.words import Word

_BESIDE = 5  # words between a direction and what it is said of
_NEAR = 6
_LABEL = 8  # words between a direction and the words of a row's label
_MOST_PASSAGES = 4
_MOST_RANKED = 8
_MOST_ROWS = 12
_LEAST_COVERED = 0.45
_LEAST_BESIDE = 0.5
_AS_GOOD = 0.15
_DENIED = 2  # words after a denial
_OTHER = {UP: DOWN, DOWN: UP}
_RATES = frozenset(map(term, ("ratio", "margin", "rate", "share")))
_NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Conflicts:
    """The words of the claim that each is about."""

    turned: tuple[Word, ...]
    turned_rows: tuple[Word, ...]
    denied: tuple[Word, ...]
    opposed: tuple[Word, ...]
    sweeping: tuple[Word, ...]


def conflicts(clauses: Sequence[Clause], index: Index) -> Conflicts:
    years = frozenset().union(*(one.years for one in clauses))
    turned: list[Word] = []
    rows: list[Word] = []
    denied: list[Word] = []
    opposed: list[Word] = []
    sweeping: list[Word] = []
    for clause in clauses:
        best = [index.passages[at] for at in index.nearest(clause.terms, _MOST_PASSAGES)]
        near = [one for one in best if index.covered(clause.terms, one.near) >= _LEAST_COVERED]
        for at, name in clause.placed:
            if name in _OTHER:
                if _is_turned(clause, at, name, index):
                    turned.append(clause.words[at])
                if _is_turned_in_rows(clause, at, name, clause.years or years, index):
                    rows.append(clause.words[at])
        denied += _denied(clause, near)
        opposed += _opposed(clause, near)
        sweeping += _sweeping(clause, near)
    return Conflicts(*map(tuple, (turned, rows, denied, opposed, sweeping)))


def _is_turned(clause: Clause, place: int, name: str, index: Index) -> bool:
    """Whether the source has only the other direction beside the words that this one stands by.

    It is looked for in the sentences that have most of those words, and of those most of the
    clause."""
    beside = _beside(clause, place, _BESIDE)
    ranked = sorted(
        (
            (
                index.covered(beside, passage.terms)
                + index.covered(clause.terms, passage.near) / 2,
                at,
            )
            for at in index.nearest(beside | clause.terms, _MOST_RANKED)
            if (passage := index.passages[at]).row is None
            and index.covered(beside, passage.terms) >= _LEAST_BESIDE
        ),
        reverse=True,
    )
    if not ranked:
        return False
    best = [at for rank, at in ranked if rank >= ranked[0][0] - _AS_GOOD]
    ways = [way for at in best if (way := _ways(index.passages[at], beside))]
    return bool(ways) and not any(name in way for way in ways)


def _beside(clause: Clause, place: int, most: int) -> frozenset[str]:
    return frozenset(
        one for at, one in clause.placed if abs(at - place) <= most and one not in _OTHER
    )


def _ways(passage: Passage, beside: frozenset[str]) -> frozenset[str]:
    """The direction nearest to each of the words."""
    turns = [(at, one) for at, one in passage.placed if one in _OTHER]
    return frozenset(
        min(near)[1]
        for spot, one in passage.placed
        if one in beside
        and (near := [(abs(at - spot), way) for at, way in turns if abs(at - spot) <= _NEAR])
    )


def _is_turned_in_rows(
    clause: Clause, place: int, name: str, years: frozenset[int], index: Index
) -> bool:
    """The same by the cells of the rows whose whole label stands beside it."""
    beside = _beside(clause, place, _LABEL)
    ways = {
        way
        for at in index.nearest(beside, _MOST_ROWS)
        if (passage := index.passages[at]).row
        and passage.terms
        and passage.terms - {UP, DOWN} <= beside
        and beside & _RATES <= passage.terms
        and (way := _way(passage, years))
    }
    return bool(ways) and name not in ways


def _way(passage: Passage, years: frozenset[int]) -> str:
    """From the row's first year to its last, of those that the claim names; a loss that grows is a
    rise."""
    cells = [one for one in passage.cells if one.years and (not years or one.years & years)]
    if len(cells) < 2:
        cells = [one for one in passage.cells if one.years]
    ordered = sorted(cells, key=lambda one: max(one.years))
    if len(ordered) < 2 or ordered[0].years == ordered[-1].years:
        return ""
    first, last = ordered[0].value, ordered[-1].value
    if first < 0 and last < 0:
        first, last = -first, -last
    return UP if last > first else DOWN if last < first else ""


def _denied(clause: Clause, near: Sequence[Passage]) -> Iterator[Word]:
    """Where the clause denies and nothing near does; or only what says all of it does, just before
    one of its words."""
    if not near:
        return
    own = [word for word in clause.words if word.norm in DENYING]
    if own:
        if all(DENYING.isdisjoint(one.norms) for one in near):
            yield own[0]
        return
    best = near[0]
    if clause.terms <= best.terms and any(
        word.norm in DENYING
        and any(term(one.norm) in clause.terms for one in best.words[at + 1 : at + 1 + _DENIED])
        for at, word in enumerate(best.words)
    ):
        yield clause.words[0]


def _opposed(clause: Clause, near: Sequence[Passage]) -> Iterator[Word]:
    """Words that the source hasn't here, but has their opposite."""
    said = _NOWHERE.union(*(one.norms for one in near))
    own = {word.norm for word in clause.words}
    for word in clause.words:
        others = OPPOSITES.get(word.norm, _NOWHERE)
        if word.norm not in said and others & said and not others & own:
            yield word


def _sweeping(clause: Clause, near: Sequence[Passage]) -> Iterator[Word]:
    said = _NOWHERE.union(*(one.norms for one in near))
    return (word for word in clause.words if word.norm in SWEEPING and word.norm not in said)
