"""From what a model offers to claims that stand: cited character by character, and proven. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from summaries.authoring.backing import backed
from summaries.authoring.evidence import Pack
from summaries.authoring.quoting import NotQuoted, Quoted, quoted
from summaries.authoring.schemas import Evidence, OfferedClaim, OfferedClaims
from summaries.tiers import count_words
from summaries.verification import Sources, Verdict, check_citations
from summaries.verification.temporal import verify_dated
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
class Refused:
    """A claim that does not stand, and why in words."""

    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Sifted:
    """The claims that stand, those that don't, and how many there were on the way.

    ``findings``: what was wrong, by the finding's code.
    """

    claims: tuple[Claim, ...] = ()
    refused: tuple[Refused, ...] = ()
    offered: int = 0
    cited: int = 0
    findings: Counter[str] = field(default_factory=Counter)

    @property
    def supported(self) -> int:
        return len(self.claims)

    @property
    def words(self) -> int:
        return sum(count_words(claim.text) for claim in self.claims)


def sift(
    offered: OfferedClaims, pack: Pack, sources: Sources, before: Sifted | None = None
) -> Sifted:
    """Drops what has no valid citation, then what the verifier does not prove.

    ``before``: what an earlier answer brought; its claims stay, and none is taken twice.
    """
    before = before or Sifted()
    findings, cited = Counter(before.findings), before.cited
    claims, refused = list(before.claims), list(before.refused)
    for one in _once(offered, {claim.text for claim in claims}):
        quotes, misquoted = _quotes(one.evidence, pack)
        findings["misquoted"] += len(misquoted)
        if not quotes:
            findings["uncited"] += 1
            refused.append(Refused(one.text, tuple(misquoted) or ("It cites nothing.",)))
            continue
        cited += 1
        sentence, wrong = _proven(one, quotes, sources)
        findings.update(finding.code for finding in wrong)
        if wrong:
            refused.append(Refused(one.text, tuple(finding.reason for finding in wrong)))
        else:
            claims.append(Claim(len(claims) + 1, sentence, quotes))
    number = before.offered + len(offered.claims)
    return Sifted(tuple(claims), tuple(refused), number, cited, +findings)


def _once(offered: OfferedClaims, seen: set[str]) -> Iterator[OfferedClaim]:
    """Each text once, on one line."""
    for one in offered.claims:
        text = " ".join(one.text.split())
        if text and text not in seen and len(text) <= LONGEST:
            seen.add(text)
            yield one.model_copy(update={"text": text})


def _quotes(evidence: list[Evidence], pack: Pack) -> tuple[tuple[Quoted, ...], list[str]]:
    """The citations, and of each quote that is none why."""
    quotes: list[Quoted] = []
    misquoted: list[str] = []
    for one in evidence:
        try:
            quotes += quoted(pack, one.source, one.quote)
        except NotQuoted as error:
            misquoted.append(str(error))
    return tuple(quotes), misquoted


def _proven(
    claim: OfferedClaim, quotes: tuple[Quoted, ...], sources: Sources
) -> tuple[Sentence, tuple[Finding, ...]]:
    """The claim as a sentence with the facts that prove it, and why it does not stand."""
    cited = dict.fromkeys(quote.fact_id for quote in quotes if quote.fact_id is not None)
    by_sector = any(quote.is_sector for quote in quotes)
    checks = verify_dated(claim.text, sources)
    sentence = backed(Sentence(claim.text, tuple(cited), by_sector, claim.topic), checks)
    wrong = [finding for one in checks for finding in one.findings]
    for one in checks:
        facts = frozenset(sentence.fact_ids)
        wrong += check_citations(one, facts, sentence.cites_benchmark)
    if not wrong and any(one.verdict is not Verdict.SUPPORTED for one in checks):
        wrong.append(Finding("not_checkable", "It says nothing that can be checked.", 0, 0))
    return sentence, tuple(wrong)
