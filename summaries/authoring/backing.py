"""Which facts stand behind a sentence: those that prove it, where it cites the matter. Pure.

A writer that names one of the facts behind a figure and forgets another is on the matter: the
verifier knows the other, and the sentence cites both. One that cites something else is left as
it is, and the missing citation is a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summaries.verification.verdicts import ClaimCheck, Proof
from summaries.writing import Sentence


def backed(sentence: Sentence, checks: Sequence[ClaimCheck]) -> Sentence:
    """The sentence with exactly the facts that prove it, or unchanged where it cites others."""
    proofs = [proof for one in checks for proof in one.proofs]
    cited = frozenset(sentence.fact_ids)
    if not proofs or not all(_on_the_matter(proof, cited, sentence) for proof in proofs):
        return sentence
    facts = dict.fromkeys(fact for proof in proofs for fact in _facts(proof, cited))
    return replace(
        sentence, fact_ids=tuple(facts), cites_benchmark=any(proof.benchmark for proof in proofs)
    )


def _on_the_matter(proof: Proof, cited: frozenset[int], sentence: Sentence) -> bool:
    if proof.benchmark and not sentence.cites_benchmark:
        return False
    return not proof.fact_ids or not cited.isdisjoint(_all(proof))


def _all(proof: Proof) -> set[int]:
    return set(proof.fact_ids).union(*proof.reports)


def _facts(proof: Proof, cited: frozenset[int]) -> list[int]:
    """Of several reports of the same value the one that is cited."""
    reports = proof.reports or tuple((fact,) for fact in proof.fact_ids)
    return [
        next((one for one in same if one in cited), fact)
        for fact, same in zip(proof.fact_ids, reports, strict=True)
    ]
