"""An answer in the sources' words: proven sentences on the figures asked for, then quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from queries.evidence.pieces import Pack, Piece
from queries.extractive.comparing import comparisons
from queries.extractive.quoting import Quote, near, openings, quotes
from queries.values import Claim
from summaries.verification import Verdict

MOST_CLAIMS = 10
MOST_QUOTES = 4
MOST_CLOSE = 3
# Of the words that a question asks about, what the quotes must say between them.
COVERED = 0.6


@dataclass(frozen=True)
class Extract:
    """``claims`` answer; where there are none, ``close`` is what the sources say nearby."""

    claims: tuple[Claim, ...]
    close: tuple[Claim, ...] = ()

    @property
    def is_answer(self) -> bool:
        return bool(self.claims)


def written(pack: Pack) -> Extract:
    """Most relevant first. What names figures alone is answered by figures; what asks for more
    only by sentences that say it."""
    asked_for = pack.wanted
    figures = [*comparisons((pack,)), *(_told(one) for one in _asked_facts(pack))]
    market = [_told(one) for one in pack.market]
    if not asked_for.left:
        claims = [*market, *figures] if asked_for.names_market else [*figures, *market]
        if asked_for.names_research or asked_for.names_filings or not claims:
            claims += [one.claim for one in openings(pack)[:MOST_QUOTES]]
        return _extract(claims, pack)
    best = _chosen(quotes(pack), asked_for.left)
    if not best and not (asked_for.names_market and market):
        return Extract((), closest(pack))
    beside = [*(figures if asked_for.measures else ()), *market] if best else market
    return Extract((*(one.claim for one in best), *beside)[:MOST_CLAIMS])


def _extract(claims: Sequence[Claim], pack: Pack) -> Extract:
    if claims:
        return Extract(tuple(claims[:MOST_CLAIMS]))
    return Extract((), closest(pack))


def closest(pack: Pack) -> tuple[Claim, ...]:
    """What the sources say near to the question: of the same words, of the same measures in
    other periods, of the company's headlines."""
    said = [one.claim for one in near(pack)[:2]]
    figures = [_told(one) for one in pack.facts]
    return tuple([*said, *figures][:MOST_CLOSE])


def _asked_facts(pack: Pack) -> Iterator[Piece]:
    """Those of measures that the question names; the headlines where it names nothing at all."""
    asked_for = pack.wanted
    asks_otherwise = asked_for.left or asked_for.names_market or asked_for.names_research
    if asked_for.measures or not asks_otherwise:
        yield from (one for one in pack.facts if not one.is_near)


def _told(piece: Piece) -> Claim:
    """Its sentence was proven when the piece was made, or is the source's own row."""
    return Claim(piece.sentence, Verdict.SUPPORTED, piece.citations)


def _chosen(found: Iterable[Quote], wanted: frozenset[str]) -> list[Quote]:
    """Few that between them say enough of what is asked; [] where they don't. After the first,
    only those that add a word or say as much."""
    chosen: list[Quote] = []
    covered: frozenset[str] = frozenset()
    for one in found:
        if len(chosen) == MOST_QUOTES:
            break
        if not chosen or one.covered - covered or len(one.covered) >= len(chosen[0].covered):
            chosen.append(one)
            covered |= one.covered
    return chosen if len(covered) >= COVERED * len(wanted) else []
