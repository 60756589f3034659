"""Whether a claim cites what proves it, and how risky a text is as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from summaries.verification.verdicts import ClaimCheck, Finding, Verdict

# A text with this risk is rejected; see docs on the risk bands.
VETO = Decimal("0.8")
_CERTAIN = Decimal(1)
# A text of which nothing can be checked is for a person to read: in the middle of the scale.
_UNCHECKED = Decimal("0.5")


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


def risk(checks: Iterable[ClaimCheck]) -> Decimal:
    """0 to 1. One contradicted sentence is 1, one not found 0.8: either is a veto, however
    many others are supported. Else half the share of sentences that can't be checked,
    so that a text of nothing but such sentences (or of none) is for a person to review.
    """
    verdicts = [check.verdict for check in checks]
    if Verdict.CONTRADICTED in verdicts:
        return _CERTAIN
    if Verdict.NOT_FOUND in verdicts:
        return VETO
    if not verdicts:
        return _UNCHECKED
    return _UNCHECKED * verdicts.count(Verdict.NOT_CHECKABLE) / len(verdicts)
