"""A claim cut where citations prove parts of it, so that each proven part can be a link."""

from __future__ import annotations

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
    for spot in _spots(claim):
        if spot.start > at:
            found.append(Part(text[at : spot.start]))
        found.append(Part(text[spot.start : spot.end], spot.citations))
        at = spot.end
    if at < len(text):
        found.append(Part(text[at:]))
    return found


def proving_together(citation: Citation) -> tuple[Citation, ...]:
    """All citations of the stretch that ``citation`` belongs to, itself among them."""
    found = (spot.citations for spot in _spots(citation.claim) if citation in spot.citations)
    return next(found, (citation,))


def _spots(claim: Claim) -> list[_Spot]:
    """Stretches that don't overlap, in order; of overlapping ones the shorter stands.

    A citation of the whole sentence is shown where nothing narrower is: else
    the sentence would be one link, and its figures none.
    """
    citations, length = list(claim.citations.all()), len(claim.text)
    narrow = [one for one in citations if not covers_all(one, length)]
    held: dict[tuple[int, int], list[Citation]] = {}
    for citation in sorted(narrow or citations, key=_shortest_first):
        start, end = citation.claim_start, min(citation.claim_end, length)
        if start < end:
            taken = (spot for spot in sorted(held) if spot[0] < end and start < spot[1])
            held.setdefault(next(taken, (start, end)), []).append(citation)
    return [_Spot(start, end, tuple(held[start, end])) for start, end in sorted(held)]


def covers_all(citation: Citation, length: int) -> bool:
    return citation.claim_start == 0 and citation.claim_end >= length


def _shortest_first(citation: Citation) -> tuple[int, int, int]:
    return citation.claim_end - citation.claim_start, citation.claim_start, citation.position
