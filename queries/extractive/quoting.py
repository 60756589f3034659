"""The sentences of the evidence that say most of what a question asks, quoted exactly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from queries.evidence.citing import of_passage
from queries.evidence.orders import is_order
from queries.evidence.pieces import Pack, Piece
from queries.evidence.wanted import Wanted
from queries.extractive.tabulating import names_one, rows
from queries.values import Claim
from summaries.verification import Verdict
from summaries.verification.documents.sources import Sentence
from summaries.verification.documents.words import stems_of
from summaries.verification.sentences import sentences

# Beside a word that is asked for, which counts 1 to 2: what a figure is asked of.
NAMES_MEASURE, IS_ROW = 0.7, 0.9
SHORTEST, LONGEST = 25, 420  # characters of a quoted sentence


@dataclass(frozen=True)
class Quote:
    """A sentence of a passage, or a row of its tables; ``start`` and ``end`` in its document.
    ``rank``: the passage's. ``row``: what the row says, as a sentence."""

    piece: Piece
    text: str
    start: int
    end: int
    rank: int
    covered: frozenset[str] = frozenset()
    row: str = ""
    years: int = 0  # of those that the question names, how many it names too

    @cached_property
    def claim(self) -> Claim:
        if self.piece.found is None:
            raise ValueError("Only a passage can be quoted.")
        words = " ".join(self.text.split())
        citation = of_passage(self.piece.found, self.start, self.end)
        text = self.row or f"“{words}” ({citation.label})"
        return Claim(text, Verdict.SUPPORTED, (citation,))


def quotes(pack: Pack) -> list[Quote]:
    """Those that may answer, the best first."""
    return [one for one in near(pack) if one.row or _fits(one, pack.wanted)]


def near(pack: Pack) -> list[Quote]:
    """All that say a word of the question, of whatever year: by how much of it they say, then as
    search ranks them."""
    found = [one for rank, piece in enumerate(pack.passages) for one in _of(piece, rank, pack)]
    weights, measures = _weights(found, pack.wanted.left), pack.wanted.measures

    def place(one: Quote) -> tuple[float, int, int, int]:
        said = sum(weights[stem] for stem in one.covered) + 0.5 * one.years
        if measures and names_one(stems_of(one.text), measures):
            said += NAMES_MEASURE
        if one.row and (measures or pack.wanted.asks_count):
            said += IS_ROW
        return (-said, one.rank, len(one.text) > 300, one.start)

    once: dict[str, Quote] = {}
    for one in sorted(found, key=place):
        once.setdefault(one.row or " ".join(one.text.split()), one)
    return list(once.values())


def openings(pack: Pack) -> list[Quote]:
    """How the best passages begin: where a kind of source is asked for, and no word of the matter."""
    pieces = [one for one in pack.passages if one.is_research or not pack.wanted.names_research]
    found = []
    for rank, piece in enumerate(pieces):
        found += list(islice(_sentences(piece, rank), 2))
    return found


def _weights(found: Sequence[Quote], wanted: Iterable[str]) -> dict[str, float]:
    """A word that few of the sentences have says more."""
    return {stem: 1.0 + 1.0 / (1 + sum(stem in one.covered for one in found)) for stem in wanted}


def _of(piece: Piece, rank: int, pack: Pack) -> Iterator[Quote]:
    """Those that say a word of what is asked; what the heading says counts beside it."""
    wanted = pack.wanted
    heading = stems_of(piece.found.passage.heading) if piece.found else frozenset()
    for one in _sentences(piece, rank):
        if covered := wanted.left & stems_of(one.text):
            years = sum(str(year) in one.text for year in wanted.years)
            yield replace(one, covered=covered | (wanted.left & heading), years=years)
    for text, (start, end), covered, years in rows(piece, wanted):
        quote = piece.found.window.text((start, end)) if piece.found else ""
        yield Quote(piece, quote, start, end, rank, covered, text, years)


def _fits(quote: Quote, wanted: Wanted) -> bool:
    """Whether it is of a year that was asked for, and has a number where one was asked for."""
    sentence = Sentence(0, quote.text)
    if wanted.asks_count and not sentence.figures:
        return False
    if not wanted.years:
        return True
    own = {one.year for one in sentence.spells if one.year}
    if not own and quote.piece.found is not None and quote.piece.found.window.source.year:
        own = {quote.piece.found.window.source.year}
    return not own or bool(own & wanted.years)


def _sentences(piece: Piece, rank: int) -> Iterator[Quote]:
    if piece.found is None:
        return
    passage = piece.found.passage
    text = piece.found.window.text((passage.start, passage.end))
    for start, end in sentences(text):
        said = text[start:end]
        if SHORTEST <= len(said) <= LONGEST and _is_whole(said) and not is_order(said):
            yield Quote(piece, said, passage.start + start, passage.start + end, rank)


def _is_whole(said: str) -> bool:
    """A sentence: no row of a table, no heading, nor the tail of what was cut."""
    first = said.lstrip("“\"'(")[:1]
    is_row = " | " in said
    return (
        not is_row and said.rstrip("”\"')").endswith((".", "!", "?", ";")) and not first.islower()
    )
