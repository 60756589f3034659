"""Whether a claim cites what proves it."""

from __future__ import annotations

from summaries.verification.verdicts import ClaimCheck, Finding


def check_citations(
    check: ClaimCheck, cited_fact_ids: frozenset[int], cites_benchmark: bool
) -> tuple[Finding, ...]:
    """A finding for each proof whose facts, or whose sector snapshot, are not all cited.

    An older or newer report of the same concept and period with the same value
    is as good a citation.
    """
    findings: list[Finding] = []
    for proof in check.proofs:
        reports = proof.reports or tuple((fact,) for fact in proof.fact_ids)
        uncited = [same for same in reports if cited_fact_ids.isdisjoint(same)]
        if uncited:
            reason = f"{len(uncited)} of the facts behind “{proof.printed}” are not cited"
            findings.append(Finding("citation", reason, proof.start, proof.end))
        if proof.benchmark and not cites_benchmark:
            reason = f"the sector snapshot behind “{proof.printed}” is not cited"
            findings.append(Finding("citation", reason, proof.start, proof.end))
    return tuple(findings)
