"""Verification: what a text says, read again and proven from the sources. Pure."""

from summaries.verification.citing import check_citations
from summaries.verification.scale import Level, Scale, risk
from summaries.verification.verdicts import ClaimCheck, Finding, Proof, Verdict
from summaries.verification.verifier import Sources, verify

__all__ = [
    "ClaimCheck",
    "Finding",
    "Level",
    "Proof",
    "Scale",
    "Sources",
    "Verdict",
    "check_citations",
    "risk",
    "verify",
]
