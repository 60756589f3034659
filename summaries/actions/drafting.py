"""A written draft, verified from its text alone and made ready to be stored.

The verifier sees the text as a reader does, tier by tier, and finds the
sentences itself; what it says is laid over the writer's sentences by position.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from summaries.benchmarking import snapshot_passage
from summaries.models import SectorSnapshot
from summaries.statements import Passage
from summaries.tiers import WORDS, Tier, count_words
from summaries.verification import Sources, check_citations, risk, verify
from summaries.verification.verdicts import ClaimCheck, Finding, Proof, Verdict
from summaries.writing import Draft, Sentence

# Part of a summary's inputs: raised when the verifier or the rules here change what may be
# published, so that every text is read anew.
RULES = "rules-1"

# Worst first.
_ORDER = (Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.NOT_CHECKABLE, Verdict.SUPPORTED)


@dataclass(frozen=True)
class Cited:
    """One citation to store; ``claim_start`` and ``claim_end`` are within the sentence."""

    passage: Passage
    fact_id: int | None
    claim_start: int
    claim_end: int
    formula: str


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


def check(draft: Draft, sources: Sources) -> Checked:
    reads: list[Read] = []
    checks: list[ClaimCheck] = []
    problems: list[str] = []
    for tier in Tier:
        sentences = draft.tiers.get(tier, ())
        text = " ".join(sentence.text for sentence in sentences)
        found = verify(text, sources)
        checks.extend(found)
        reads.extend(_laid_over(tier, sentences, found))
        problems.extend(word_problems(tier, text))
    problems = [*_claim_problems(reads), *problems]
    return Checked(tuple(reads), tuple(problems), risk(checks))


def word_problems(tier: Tier, text: str) -> Iterator[str]:
    least, most = WORDS[tier]
    words = count_words(text)
    if not least <= words <= most:
        yield f"The {tier} text has {words} words; it must have {least} to {most}."


def _laid_over(
    tier: Tier, sentences: Iterable[Sentence], checks: tuple[ClaimCheck, ...]
) -> Iterator[Read]:
    start = 0
    for position, sentence in enumerate(sentences):
        end = start + len(sentence.text)
        yield _read(
            tier, position, sentence, start, [c for c in checks if c.start < end and c.end > start]
        )
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


def citations(
    read: Read, passages: dict[int, Passage], snapshot: SectorSnapshot | None
) -> Iterator[Cited]:
    """One citation for each figure and each fact it rests on, and one for each of the sector's.

    A fact that the verifier leaned on for no figure stands behind the whole sentence.
    """
    facts = dict.fromkeys(read.sentence.fact_ids)
    pinned = {
        (proof.start, proof.end, fact_id): proof
        for proof in sorted(read.proofs, key=lambda one: (one.start, one.end))
        for fact_id in facts
        if fact_id in proof.fact_ids
    }
    for (_, _, fact_id), proof in pinned.items():
        yield _cited(read, passages[fact_id], fact_id, proof)
    for fact_id in facts.keys() - {fact_id for _, _, fact_id in pinned}:
        yield _cited(read, passages[fact_id], fact_id, None)
    if read.sentence.cites_benchmark and snapshot is not None:
        for proof in _sector_proofs(read):
            yield _cited(read, snapshot_passage(snapshot, proof.measure), None, proof)


def _sector_proofs(read: Read) -> list[Proof]:
    by_measure: dict[str, Proof] = {}
    for proof in read.proofs:
        if proof.benchmark:
            by_measure.setdefault(proof.measure, proof)
    return list(by_measure.values())


def _cited(read: Read, passage: Passage, fact_id: int | None, proof: Proof | None) -> Cited:
    start, end = (proof.start, proof.end) if proof else (0, len(read.sentence.text))
    return Cited(passage, fact_id, start, end, proof.formula[:300] if proof else "")
