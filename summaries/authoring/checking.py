"""A written draft, verified from its text alone. Pure.

The verifier sees the text as a reader does, tier by tier, and finds the
sentences itself; what it says is laid over the writer's sentences by position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from summaries.tiers import WORDS, Tier, count_words
from summaries.verification import Scale, Sources, check_citations, risk
from summaries.verification.scale import DESIGN
from summaries.verification.temporal import verify_dated
from summaries.verification.verdicts import ClaimCheck, Finding, Proof, Verdict
from summaries.writing import Draft, Sentence

# Worst first.
_ORDER = (Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.NOT_CHECKABLE, Verdict.SUPPORTED)


@dataclass(frozen=True)
class Read:
    """One sentence as the verifier read it; all offsets are within it."""

    tier: Tier
    position: int
    sentence: Sentence
    verdict: Verdict
    proofs: tuple[Proof, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Checked:
    """A draft after verification: ``problems`` is empty where it may be published."""

    sentences: tuple[Read, ...]
    problems: tuple[str, ...]
    risk: Decimal

    @property
    def fact_ids(self) -> set[int]:
        return {fact for read in self.sentences for fact in read.sentence.fact_ids}


@dataclass(frozen=True)
class CheckedTier:
    """One tier after verification; ``length_problems`` in words, where it is out of range."""

    reads: tuple[Read, ...]
    checks: tuple[ClaimCheck, ...]
    length_problems: tuple[str, ...]

    @property
    def failing(self) -> tuple[Read, ...]:
        return tuple(read for read in self.reads if read.verdict is not Verdict.SUPPORTED)

    @property
    def is_sound(self) -> bool:
        return not self.failing and not self.length_problems


# Gives a sentence its facts once the verifier has read it.
Backing = Callable[[Sentence, Sequence[ClaimCheck]], Sentence]


def check(draft: Draft, sources: Sources, scale: Scale = DESIGN, before: str = "") -> Checked:
    """``before``: what the summary said that is published now; what it turns round adds to the
    risk."""
    tiers = (check_tier(tier, draft.tiers.get(tier, ()), sources, before=before) for tier in Tier)
    return together(tiers, scale)


def check_tier(
    tier: Tier,
    sentences: Sequence[Sentence],
    sources: Sources,
    backing: Backing = lambda sentence, checks: sentence,
    before: str = "",
) -> CheckedTier:
    text = " ".join(sentence.text for sentence in sentences)
    found = tuple(_decided(one) for one in verify_dated(text, sources, before))
    reads = tuple(_laid_over(tier, sentences, found, backing))
    return CheckedTier(reads, found, tuple(word_problems(tier, text)))


def _decided(check: ClaimCheck) -> ClaimCheck:
    """Without what makes nothing wrong: a figure that has turned since is a doubt, no fault."""
    findings = tuple(one for one in check.findings if one.code != "reversal")
    return replace(check, findings=findings)


def together(tiers: Iterable[CheckedTier], scale: Scale = DESIGN) -> Checked:
    told = list(tiers)
    reads = tuple(read for one in told for read in one.reads)
    lengths = (problem for one in told for problem in one.length_problems)
    checks = [check for one in told for check in one.checks]
    return Checked(reads, (*_claim_problems(reads), *lengths), risk(checks, scale))


def word_problems(tier: Tier, text: str) -> Iterator[str]:
    least, most = WORDS[tier]
    words = count_words(text)
    if not least <= words <= most:
        yield f"The {tier} text has {words} words; it must have {least} to {most}."


def _laid_over(
    tier: Tier,
    sentences: Iterable[Sentence],
    checks: tuple[ClaimCheck, ...],
    backing: Backing,
) -> Iterator[Read]:
    start = 0
    for position, sentence in enumerate(sentences):
        end = start + len(sentence.text)
        mine = [c for c in checks if c.start < end and c.end > start]
        yield _read(tier, position, backing(sentence, mine), start, mine)
        start = end + 1


def _read(
    tier: Tier, position: int, sentence: Sentence, start: int, checks: list[ClaimCheck]
) -> Read:
    length = len(sentence.text)
    findings = [finding for one in checks for finding in one.findings]
    for one in checks:
        findings += check_citations(one, frozenset(sentence.fact_ids), sentence.cites_benchmark)
    moved = tuple(_moved(finding, start, length) for finding in findings)
    verdict = worst(one.verdict for one in checks)
    if not sentence.fact_ids and not sentence.cites_benchmark:
        moved += (Finding("uncited", "The sentence cites nothing.", 0, length),)
    if verdict is Verdict.SUPPORTED and moved:
        verdict = Verdict.NOT_CHECKABLE
    proofs = tuple(
        replace(proof, start=proof.start - start, end=proof.end - start)
        for one in checks
        for proof in one.proofs
        if start <= proof.start < proof.end <= start + length
    )
    return Read(tier, position, sentence, verdict, proofs, moved)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; a sentence that the verifier did not see is not checkable."""
    return min(verdicts, key=_ORDER.index, default=Verdict.NOT_CHECKABLE)


def _moved(finding: Finding, start: int, length: int) -> Finding:
    first = min(max(finding.start - start, 0), length)
    return replace(finding, start=first, end=min(max(finding.end - start, first), length))


def _claim_problems(reads: Iterable[Read]) -> Iterator[str]:
    for read in reads:
        if read.verdict is Verdict.SUPPORTED:
            continue
        words = str(read.verdict).replace("_", " ")
        why = read.findings[0].reason if read.findings else "the verifier gives no reason"
        yield f"{read.tier} sentence {read.position + 1} is {words}: {why}"
