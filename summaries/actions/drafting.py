"""What a checked draft cites, made ready to be stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from summaries.authoring.checking import Checked, Read, check, word_problems, worst
from summaries.benchmarking import snapshot_passage
from summaries.models import SectorSnapshot
from summaries.statements import Passage
from summaries.verification.verdicts import Proof

__all__ = ["RULES", "Checked", "Cited", "Read", "check", "citations", "word_problems", "worst"]

# Part of a summary's inputs: raised when the verifier or the rules here change what may be
# published, so that every text is read anew.
RULES = "rules-2"


@dataclass(frozen=True)
class Cited:
    """One citation to store; ``claim_start`` and ``claim_end`` are within the sentence."""

    passage: Passage
    fact_id: int | None
    claim_start: int
    claim_end: int
    formula: str


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
