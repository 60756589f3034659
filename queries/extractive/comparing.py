"""Figures of several companies held against each other: who has the higher, in the same year. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from queries.evidence.figures import Line
from queries.evidence.pieces import Pack, Piece
from queries.values import Citation, Claim
from summaries.measures import CATALOGUE
from summaries.verification import Verdict
from summaries.writing import numbers

MOST = 3


def comparisons(packs: Sequence[Pack]) -> tuple[Claim, ...]:
    """A sentence for each measure that two or more companies report for the same year, the
    newest year first. Both figures were proven when their pieces were made."""
    rows: dict[tuple[str, str], dict[str, tuple[Piece, Line, Pack]]] = defaultdict(dict)
    for pack in packs:
        for piece in pack.facts:
            if piece.line is not None and not piece.is_near and pack.wanted.measures:
                year = piece.line.at.rpartition(" ")[2]
                rows[piece.line.measure, year].setdefault(piece.ticker, (piece, piece.line, pack))
    told = [one for row in rows.values() if (one := _compared(list(row.values())))]
    return tuple(told[:MOST])


def _compared(row: list[tuple[Piece, Line, Pack]]) -> Claim | None:
    currencies = {pack.held[piece.ticker].sources.book.currency for piece, _, pack in row}
    ranked = sorted(row, key=lambda one: -one[1].value)
    shown = [line.shown for _, line, _ in ranked]
    if len(row) < 2 or len(currencies) > 1 or shown[0] == shown[1]:
        return None
    (first, line, pack), *others = ranked
    name = CATALOGUE[line.measure].name
    best = (
        "Of the two, {} had the higher"
        if len(row) == 2
        else f"Of the {numbers.word(len(row))}, {{}} had the highest"
    )
    beside = _listed([f"{_possessive(one, said)} {told.shown}" for said, told, one in others])
    who = pack.held[first.ticker].sources.company.short
    text = f"{best.format(who)} {name} {line.at}, {line.shown} against {beside}."
    return Claim(text, Verdict.SUPPORTED, tuple(_citations(ranked)))


def _citations(row: list[tuple[Piece, Line, Pack]]) -> Iterator[Citation]:
    for piece, line, _ in row:
        yield from piece.citations[: line.own]


def _possessive(pack: Pack, piece: Piece) -> str:
    name = pack.held[piece.ticker].sources.company.short
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _listed(told: list[str]) -> str:
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
