"""A claim cut where citations prove parts of it, so that each proven part can be a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from summaries.models import Citation, Claim


@dataclass(frozen=True)
class Part:
    """A stretch of a sentence; with citations, the stretch that they prove together."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class _Spot:
    start: int
    end: int
    citations: tuple[Citation, ...]


def parts(claim: Claim) -> list[Part]:
    """The whole text in order. A citation that reaches beyond the text is cut to it."""
    text, found, at = claim.text, [], 0
    for spot in _spots(claim.citations.all(), len(text)):
        if spot.start > at:
            found.append(Part(text[at : spot.start]))
        found.append(Part(text[spot.start : spot.end], spot.citations))
        at = spot.end
    if at < len(text):
        found.append(Part(text[at:]))
    return found


def proving_together(citation: Citation) -> tuple[Citation, ...]:
    """All citations of the stretch that ``citation`` belongs to, itself among them."""
    claim = citation.claim
    spots = _spots(claim.citations.all(), len(claim.text))
    return next((spot.citations for spot in spots if citation in spot.citations), (citation,))


def _spots(citations: Iterable[Citation], length: int) -> list[_Spot]:
    """Stretches that don't overlap, in order.

    The shortest come first: a citation of the whole sentence belongs to its
    first figure, not the figure to the sentence.
    """
    held: dict[tuple[int, int], list[Citation]] = {}
    for citation in sorted(citations, key=_shortest_first):
        start, end = citation.claim_start, min(citation.claim_end, length)
        if start < end:
            taken = (spot for spot in sorted(held) if spot[0] < end and start < spot[1])
            held.setdefault(next(taken, (start, end)), []).append(citation)
    return [_Spot(start, end, tuple(held[start, end])) for start, end in sorted(held)]


def _shortest_first(citation: Citation) -> tuple[int, int, int]:
    return citation.claim_end - citation.claim_start, citation.claim_start, citation.position
