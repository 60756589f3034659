"""A sentence of an answer against the evidence of its question.

Facts go first, then filings, research and FactSet, as `summaries.marking` decides; the pieces that
the sentence cites are read first, and the others too: what it rests on is what proves it, not what
it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from queries.checking.cutting import Cited
from queries.checking.wordings import wordings
from queries.evidence import citing
from queries.evidence.held import Held
from queries.evidence.orders import is_order
from queries.evidence.pieces import Pack, Piece
from queries.values import Citation, Claim
from summaries.marking import Disagreement, MarkedClaim
from summaries.marking.deciding import Said, as_result, decided, names_a_period
from summaries.marking.kinds import kind_of
from summaries.marking.library import Found
from summaries.marking.marking import (
    said_by_facts,
    said_by_fundamentals,
    said_by_passage,
)
from summaries.marking.values import Evidence, Kind
from summaries.scales import document_weights, scale
from summaries.verification import ClaimCheck, Verdict
from summaries.verification.documents.judging import Told, told
from summaries.verification.temporal import verify_dated

MOST_CITATIONS = 6
UNCITED = "It rests on nothing that was found."
TWO_COMPANIES = "It speaks of several companies at once; each is checked in a sentence of its own."
# What a reason quotes of the sentence that it refutes.
_BESIDE = re.compile(r",\s+the (?:text|claim) says\b.*$", re.DOTALL)
_ORDER = (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.NOT_CHECKABLE)


@dataclass(frozen=True)
class Checked:
    """``disagreements``: where two sources don't say the same of what it says."""

    claim: Claim
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def is_supported(self) -> bool:
        return self.claim.verdict is Verdict.SUPPORTED


def check(sentence: Cited, pack: Pack) -> Checked:
    """The sentence with its verdict, and citations that prove or refute it."""
    candidates = _candidates(sentence, pack)
    found = [_against(sentence, one, pack) for one in candidates]
    if not found:
        return Checked(Claim(sentence.text, Verdict.NOT_FOUND, reason=UNCITED))
    best = min(found, key=lambda one: _ORDER.index(one.claim.verdict))
    if best.claim.verdict is Verdict.CONTRADICTED and len(_spoken_of(sentence.text, pack)) > 1:
        # What refutes it may speak of the other company.
        return Checked(Claim(sentence.text, Verdict.NOT_FOUND, reason=TWO_COMPANIES))
    return best


def _candidates(sentence: Cited, pack: Pack) -> list[Held]:
    """Whom it may speak of: by name, else by what it cites, else anybody."""
    spoken_of = _spoken_of(sentence.text, pack)
    cited = [pack.by_number[n].ticker for n in sentence.numbers if n in pack.by_number]
    tickers = dict.fromkeys(spoken_of or cited) or pack.held
    return [pack.held[one] for one in tickers if one in pack.held]


def _spoken_of(text: str, pack: Pack) -> list[str]:
    return [
        ticker
        for ticker, one in pack.held.items()
        if any(name in text for name in one.names if name)
    ]


def _against(sentence: Cited, held: Held, pack: Pack) -> Checked:
    checks = verify_dated(sentence.text, held.sources)
    if not checks:
        return Checked(Claim(sentence.text, Verdict.NOT_CHECKABLE, reason=UNCITED))
    pieces = _cited_first(sentence, pack.of(held.stock.ticker))
    read = [_marked(one, held, pieces) for one in checks]
    worst = max(read, key=lambda one: _ORDER.index(one.verdict))
    evidence = tuple(dict.fromkeys(each for one in read for each in one.evidence))
    disagreements = tuple(dict.fromkeys(each for one in read for each in one.disagreements))
    return Checked(_claim(sentence.text, worst, evidence), disagreements)


def _cited_first(sentence: Cited, pieces: Sequence[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda one: one.number not in sentence.numbers)


def _marked(one: ClaimCheck, held: Held, pieces: Sequence[Piece]) -> MarkedClaim:
    kind = kind_of(one)
    facts = said_by_facts(one, held.library, held.others)
    filed = [piece for piece in pieces if piece.is_passage and not piece.is_research]
    research = [piece for piece in pieces if piece.is_passage and piece.is_research]
    market = [piece for piece in pieces if piece.source is not None]
    said = [facts]
    if kind is not Kind.NONE:
        is_proven = facts.verdict is Verdict.SUPPORTED
        families = (research,) if is_proven else (filed, research)
        said += [found for family in families if (found := _by_passages(one, family, held.names))]
        said += said_by_fundamentals(one, facts, held.library)
        said += [found for found in (_by_market(one, market),) if found and not is_proven]
    if facts.verdict is Verdict.NOT_CHECKABLE:
        said = said[1:] or [Said(Verdict.NOT_FOUND)]
    return decided(one, kind, said, scale(), looked_up=bool(pieces))


def _by_passages(one: ClaimCheck, pieces: Iterable[Piece], names: Sequence[str]) -> Said | None:
    """The first passage that proves it; else the first that refutes it, where it says of when it
    speaks; else one that bears it out."""
    refuted = unsure = None
    for said in _read(one, pieces, names):
        if said.verdict is Verdict.SUPPORTED:
            return said
        if said.verdict is Verdict.CONTRADICTED and names_a_period(one.text):
            refuted = refuted or said
        elif any(reason.code in ("guidance", "likely") for reason in said.reasons):
            unsure = unsure or said
    return refuted or unsure


def _read(one: ClaimCheck, pieces: Iterable[Piece], names: Sequence[str]) -> Iterator[Said]:
    for piece in pieces:
        if piece.found is not None:
            judged = _judged(one.text, piece.found, names)
            if judged.evidence:
                said = as_result(said_by_passage(one, piece.found, judged), one)
                if not any(_is_order(piece.found, each) for each in said.evidence):
                    yield said


def _is_order(found: Found, evidence: Evidence) -> bool:
    """Whether it stands in a sentence that speaks to machines."""
    at = (evidence.start or 0) - found.window.start
    return any(
        one.start <= at < one.start + len(one.text) and is_order(one.text)
        for one in found.window.source.sentences
    )


def _judged(text: str, found: Found, names: Sequence[str]) -> Told:
    """By the first wording that the passage proves; else by the barest, whose subject is no
    word that the passage would have to have."""
    judged = None
    for wording in wordings(text, names, found.source):
        judged = told(wording, found.window.source, document_weights())
        if judged.verdict is Verdict.SUPPORTED and not judged.is_likely:
            break
    if judged is None:
        raise ValueError("A sentence has at least one wording.")
    return judged


def _by_market(one: ClaimCheck, pieces: Iterable[Piece]) -> Said | None:
    """A row of FactSet proves what it says; it refutes nothing, for it may define it otherwise."""
    for piece in pieces:
        if piece.source is not None and _says(piece, one.text):
            quote = Evidence(piece.citations[0].label, piece.text, "", Verdict.SUPPORTED)
            return Said(Verdict.SUPPORTED, (quote,))
    return None


def _says(piece: Piece, text: str) -> bool:
    if piece.source is None:
        return False
    judged = told(text, piece.source, document_weights())
    return judged.verdict is Verdict.SUPPORTED and not judged.is_likely


def _claim(text: str, marked: MarkedClaim, evidence: tuple[Evidence, ...]) -> Claim:
    citations = tuple(citing.of_evidence(one) for one in evidence[:MOST_CITATIONS])
    reasons = [one.text for one in marked.reasons if one.code != "disagreement"]
    claim = Claim(text, marked.verdict, citations)
    if marked.verdict is Verdict.SUPPORTED:
        return claim if citations else replace(claim, verdict=Verdict.NOT_FOUND, reason=UNCITED)
    reason = " ".join(_sentence(one) for one in reasons[:2]) or UNCITED
    if marked.verdict is not Verdict.CONTRADICTED:
        return replace(claim, reason=reason)
    return replace(claim, reason=reason, correction=_correction(reasons, citations))


def _correction(reasons: Sequence[str], citations: Sequence[Citation]) -> str:
    """What the sources say in its place."""
    if citations and citations[0].fact is None and citations[0].quote:
        return f"{citations[0].label}: “{' '.join(citations[0].quote.split())}”"
    return _sentence(_BESIDE.sub("", reasons[0])) if reasons else ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "”")) else ".")


def disagreement_claim(one: Disagreement) -> Claim:
    """Said out loud, with both citations. The quotes are the sources' own, hence supported."""
    citations = (citing.of_evidence(one.supporting), citing.of_evidence(one.contradicting))
    return Claim(one.text, Verdict.SUPPORTED, citations)
