"""Reading a stored summary again, from the database alone, as if nobody had read it before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from summaries import books
from summaries.actions.drafting import word_problems, worst
from summaries.models import Citation, Claim, Document, Summary
from summaries.statements import fact_line
from summaries.tiers import Tier
from summaries.verification import Sources, check_citations
from summaries.verification.temporal import verify_dated
from summaries.verification.verdicts import ClaimCheck, Verdict


@dataclass(frozen=True)
class FailingClaim:
    """One thing wrong with a stored text; ``position`` counts from 1, 0 is the whole tier."""

    ticker: str
    tier: str
    position: int
    text: str
    reason: str
    veto: bool = True  # nobody may publish it; False for a matter of length

    def __str__(self) -> str:
        where = f"sentence {self.position}" if self.position else "text"
        return f"{self.ticker} {self.tier} {where}: {self.reason}"


def reverify(summary: Summary) -> list[FailingClaim]:
    """Every claim that the sources don't support, or whose citation doesn't hold."""
    stored = list(
        summary.claims.prefetch_related("findings", "citations__document", "citations__fact")
    )
    sources = _sources(summary, stored)
    return [
        failing
        for tier in Tier
        for failing in _read(summary, tier, [c for c in stored if c.tier == tier.value], sources)
    ]


def _sources(summary: Summary, claims: list[Claim]) -> Sources:
    stock = summary.stock
    snapshot = next(
        (
            citation.document.snapshot
            for claim in claims
            for citation in claim.citations.all()
            if citation.document.kind == Document.Kind.SECTOR
        ),
        None,
    )
    return Sources(
        books.company(stock),
        books.fact_book(stock),
        books.benchmark(snapshot or books.current_snapshot(stock.sector)),
        books.other_names(),
    )


def _read(
    summary: Summary, tier: Tier, claims: list[Claim], sources: Sources
) -> Iterator[FailingClaim]:
    ticker = summary.stock.ticker
    claims.sort(key=lambda claim: claim.position)
    text = " ".join(claim.text for claim in claims)
    for problem in word_problems(tier, text):
        yield FailingClaim(ticker, tier.value, 0, text, problem, veto=False)
    checks = verify_dated(text, sources)
    start = 0
    for claim in claims:
        end = start + len(claim.text)
        mine = [one for one in checks if one.start < end and one.end > start]
        for reason in dict.fromkeys((*_claim_reasons(claim, mine), *_citation_reasons(claim))):
            yield FailingClaim(ticker, tier.value, claim.position + 1, claim.text, reason)
        start = end + 1


def _claim_reasons(claim: Claim, checks: list[ClaimCheck]) -> Iterator[str]:
    cited = frozenset(one.fact_id for one in claim.citations.all() if one.fact_id is not None)
    sector = any(one.document.kind == Document.Kind.SECTOR for one in claim.citations.all())
    told = False
    for one in checks:
        for finding in (*one.findings, *check_citations(one, cited, sector)):
            told = True
            yield finding.reason
    verdict = worst(one.verdict for one in checks)
    if verdict is not Verdict.SUPPORTED and not told:
        yield f"The verifier finds it {str(verdict).replace('_', ' ')}."
    elif claim.verdict != Verdict.SUPPORTED.value and not told:
        yield f"It was stored as {claim.get_verdict_display()}."


def _citation_reasons(claim: Claim) -> Iterator[str]:
    citations = list(claim.citations.all())
    if not citations:
        yield "It cites nothing."
    for citation in citations:
        where = f"Citation {citation.position + 1}"
        if reason := _broken(citation, claim):
            yield f"{where}: {reason}"


def _broken(citation: Citation, claim: Claim) -> str:
    document = citation.document
    if hashlib.sha256(document.text.encode()).hexdigest() != document.sha256:
        return f"the text of document {document.pk} is not the one that was hashed."
    if document.text[citation.start : citation.end] != citation.quote:
        return f"document {document.pk} does not say “{citation.quote[:120]}” at that place."
    if citation.claim_end > len(claim.text):
        return "it proves a place beyond the end of the sentence."
    if citation.fact is not None and fact_line(citation.fact) != citation.quote:
        return f"the fact is now “{fact_line(citation.fact)}”, the quote says “{citation.quote}”."
    return ""
