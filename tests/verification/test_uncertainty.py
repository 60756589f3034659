"""A claim surer than its source, or less sure."""

from __future__ import annotations

import pytest

from summaries.verification.documents.uncertainty import (
    ADDED_CERTAINTY,
    ADDED_DOUBT,
    DROPPED_CAUTION,
    UNATTRIBUTED,
    doubt,
)


@pytest.mark.parametrize(
    ("claim", "evidence", "score", "codes"),
    [
        ("Sales rose 4%.", "Sales rose 4%.", 0, []),
        ("Sales rose 4%.", "Sales rose approximately 4%.", 0, []),
        ("Sales rise 4%.", "Sales may rise 4%.", DROPPED_CAUTION, ["caution"]),
        ("Sales rose 4%.", "We expect sales to rise 4%.", DROPPED_CAUTION, ["caution"]),
        ("Sales possibly rose 4%.", "Sales rose 4%.", ADDED_DOUBT, ["doubt"]),
        ("Sales certainly rose 4%.", "Sales rose 4%.", ADDED_CERTAINTY, ["certainty"]),
        ("Sales will rise 4%.", "Sales will rise 4%.", UNATTRIBUTED, ["attribution"]),
        ("Acme expects sales to rise 4%.", "We expect sales to rise 4%.", 0, []),
    ],
)
def test_doubt(claim: str, evidence: str, score: float, codes: list[str]) -> None:
    found = doubt(claim, evidence)
    assert (found.score, [one.code for one in found.reasons]) == (score, codes)
