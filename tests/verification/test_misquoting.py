"""Sentences retold with other digits. Companies and numbers are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.verification.documents.judging import judge
from summaries.verification.documents.misquoting import misquoted
from summaries.verification.documents.sources import source_of
from summaries.verification.verdicts import Verdict

TEXT = (
    "Harrow's notes of $14.55 million are due on May 6, 2031. "
    "Sales in the north grew 4% to $120. Sales in the north grew 9% to $340. "
    "The plan under Rule 12b-2 covers 1,200 employees."
)
SOURCE = source_of(TEXT)


@pytest.mark.parametrize(
    ("claim", "claimed", "printed"),
    [
        ("Harrow's notes of $14.55 million are due on May 7, 2031.", "7", "6"),
        ("Harrow's notes of $14.55 million are due on May 6, 2033.", "2033", "2031"),
        ("Harrow's notes of $14.56 million are due on May 6, 2031", "14.56", "14.55"),
        ("Harrow's notes of $14.7 million are due on May 6, 2031.", "14.7", "14.55"),
        ("harrow's notes of $145.5 million  are due on May 6, 2031.", "145.5", "14.55"),
        ("Sales in the north grew 9% to $120.", "9", "4"),
        ("The plan under Rule 12b-3 covers 1,200 employees.", "3", "2"),
        ("The plan under Rule 12b-2 covers 12,000 employees.", "12,000", "1,200"),
        ("All is well. The plan under Rule 12b-2 covers 200 employees.", "200", "1,200"),
    ],
)
def test_other_digits_in_the_same_words_are_named(claim: str, claimed: str, printed: str) -> None:
    found = misquoted(claim, SOURCE)

    assert found is not None
    assert found.verdict is Verdict.CONTRADICTED
    reason = found.reasons[0]
    assert claim[reason.start : reason.end] == claimed
    assert f'"{printed}"' in reason.text
    evidence = found.evidence[0]
    assert TEXT[evidence.start : evidence.end] == evidence.text
    assert judge(claim, SOURCE).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    "claim",
    [
        "Harrow's notes of $14.55 million are due on May 6, 2031.",
        "Harrow's notes of $14.6 million are due on May 6, 2031.",
        "Sales in the north grew 9% to $340.",
        "The plan under Rule 12b-2 covers 1200 employees.",
        "Harrow has notes of $14.55 million.",
        "No number at all.",
        "",
    ],
)
def test_the_same_rounded_or_other_words_are_no_misquotation(claim: str) -> None:
    assert misquoted(claim, SOURCE) is None


@given(st.text(alphabet="Rev was $1,0.9%-(K)\n", max_size=60), st.text(max_size=60))
def test_any_text_is_read(claim: str, text: str) -> None:
    misquoted(claim, source_of(text))
    misquoted("9" * 5000 + ".1", source_of("9" * 5000 + ".12"))
