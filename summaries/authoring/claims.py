"""From what a model offers to claims that stand: cited character by character, and proven. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from summaries.authoring.backing import backed
from summaries.authoring.evidence import Pack
from summaries.authoring.quoting import NotQuoted, Quoted, quoted
from summaries.authoring.schemas import Evidence, OfferedClaim, OfferedClaims
from summaries.verification import Sources, Verdict, check_citations, verify
from summaries.verification.verdicts import Finding
from summaries.writing import Sentence

# A claim is one sentence; what is much longer is a paragraph.
LONGEST = 400


@dataclass(frozen=True)
class Claim:
    """A sentence that is proven by what it cites. ``number`` is how the tiers name it."""

    number: int
    sentence: Sentence
    quotes: tuple[Quoted, ...]

    @property
    def text(self) -> str:
        return self.sentence.text


@dataclass(frozen=True)
class Sifted:
    """The claims that stand, and how many there were on the way.

    ``findings``: what was wrong with the others, by the finding's code.
    """

    claims: tuple[Claim, ...]
    offered: int
    cited: int
    findings: Counter[str] = field(default_factory=Counter)

    @property
    def supported(self) -> int:
        return len(self.claims)


def sift(offered: OfferedClaims, pack: Pack, sources: Sources) -> Sifted:
    """Drops what has no valid citation, then what the verifier does not prove."""
    findings: Counter[str] = Counter()
    kept: list[tuple[Sentence, tuple[Quoted, ...]]] = []
    cited = 0
    for one in _once(offered):
        quotes = tuple(_quotes(one.evidence, pack, findings))
        if not quotes:
            findings["uncited"] += 1
            continue
        cited += 1
        sentence, wrong = _proven(one, quotes, sources)
        findings.update(finding.code for finding in wrong)
        if not wrong:
            kept.append((sentence, quotes))
    claims = tuple(Claim(number, *each) for number, each in enumerate(kept, 1))
    return Sifted(claims, len(offered.claims), cited, findings)


def _once(offered: OfferedClaims) -> Iterator[OfferedClaim]:
    """Each text once, on one line."""
    seen: set[str] = set()
    for one in offered.claims:
        text = " ".join(one.text.split())
        if text and text not in seen and len(text) <= LONGEST:
            seen.add(text)
            yield one.model_copy(update={"text": text})


def _quotes(evidence: list[Evidence], pack: Pack, findings: Counter[str]) -> Iterator[Quoted]:
    for one in evidence:
        try:
            yield from quoted(pack, one.source, one.quote)
        except NotQuoted:
            findings["misquoted"] += 1


def _proven(
    claim: OfferedClaim, quotes: tuple[Quoted, ...], sources: Sources
) -> tuple[Sentence, tuple[Finding, ...]]:
    """The claim as a sentence with the facts that prove it, and why it does not stand."""
    cited = dict.fromkeys(quote.fact_id for quote in quotes if quote.fact_id is not None)
    by_sector = any(quote.is_sector for quote in quotes)
    checks = verify(claim.text, sources)
    sentence = backed(Sentence(claim.text, tuple(cited), by_sector, claim.topic), checks)
    wrong = [finding for one in checks for finding in one.findings]
    for one in checks:
        facts = frozenset(sentence.fact_ids)
        wrong += check_citations(one, facts, sentence.cites_benchmark)
    if not wrong and any(one.verdict is not Verdict.SUPPORTED for one in checks):
        wrong.append(Finding("not_checkable", "It says nothing that can be checked.", 0, 0))
    return sentence, tuple(wrong)
