"""The second layer: words of trend, stale periods, guidance told as a result, silent reversals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from summaries.tiers import Tier
from summaries.verification import Sources, Verdict, verify
from summaries.verification.temporal import verify_dated
from tests.summaries import bundled
from tests.summaries.books import ACME, book

SUPPORTED, CONTRADICTED, NOT_FOUND = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_FOUND
SOURCES = Sources(
    ACME,
    book(
        {
            "revenue": [100, 110, 121, 115, 130, 150],
            "net_income": [20, 30, 28, 26, 33, 34],
        },
        last=2025,
    ),
    None,
    frozenset(),
)


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [
        ("Revenue continued to grow in 2025.", SUPPORTED, ""),
        ("Revenue continued to grow in 2024.", CONTRADICTED, "trend"),
        ("Revenue kept growing in 2025.", SUPPORTED, ""),
        ("Revenue rose again in 2024.", CONTRADICTED, "trend"),
        ("Revenue continued to fall in 2025.", CONTRADICTED, "direction trend"),
        ("Revenue continued to grow in 2021.", NOT_FOUND, "trend"),
        ("Revenue rebounded in 2024.", SUPPORTED, ""),
        ("Revenue rebounded in 2025.", CONTRADICTED, "trend"),
        ("Net income rose in 2024, ending two years of decline.", SUPPORTED, ""),
        ("Net income rose in 2024, ending a three-year run of declines.", CONTRADICTED, "trend"),
        ("Net income rose in 2025 after two years of decline.", CONTRADICTED, "trend"),
        ("Revenue returned to growth in 2024.", SUPPORTED, ""),
        ("Revenue grew for the second straight year in 2025.", SUPPORTED, ""),
        ("Revenue grew for the third straight year in 2025.", CONTRADICTED, "streak"),
        ("The company reported record revenue in 2025.", SUPPORTED, ""),
        ("The company reported record revenue in 2022.", SUPPORTED, ""),
        ("The company reported record revenue in 2023.", CONTRADICTED, "rank"),
        ("Revenue was at an all-time high in 2025.", SUPPORTED, ""),
        ("Revenue was at an all-time high in 2023.", CONTRADICTED, "rank"),
        ("Revenue growth accelerated in 2025.", SUPPORTED, ""),
        ("Revenue growth slowed in 2025.", CONTRADICTED, "direction"),
        ("In its latest fiscal year, 2025, revenue was $150.", SUPPORTED, ""),
        ("In its latest fiscal year, 2024, revenue was $130.", CONTRADICTED, "stale"),
        ("In 2024, its most recent year, revenue was $130.", CONTRADICTED, "stale"),
        ("In the latest year ended 31 December 2024, revenue was $130.", CONTRADICTED, "stale"),
        ("In the latest year ended 31 December 2025, revenue was $150.", SUPPORTED, ""),
        ("Revenue was $170 in 2026.", NOT_FOUND, "guidance"),
    ],
)
def test_words_of_history_are_proven_on_the_series(text: str, verdict: Verdict, code: str) -> None:
    [check] = verify_dated(text, SOURCES)
    assert (check.verdict, check.text) == (verdict, text)
    assert [finding.code for finding in check.findings] == code.split()
    assert (check.history == 0) == (verdict is SUPPORTED or code in ("direction", "streak"))


def test_reason_gives_the_values() -> None:
    [check] = verify_dated("Revenue rose again in 2024.", SOURCES)
    [finding] = check.findings
    assert finding.reason == (
        "nothing continued: revenue for fiscal 2023 was $115, beside $121 for fiscal 2022"
    )
    assert check.text[finding.start : finding.end] == "again"


def test_what_is_expected_is_no_result() -> None:
    [check] = verify_dated("Revenue is expected to reach $170 in 2026.", SOURCES)
    assert "guidance" not in {finding.code for finding in check.findings}


@pytest.mark.parametrize(
    ("before", "text", "doubt"),
    [
        ("Net income fell in 2023.", "Net income rose in 2025.", "0.5"),
        ("Net income fell in 2023.", "Net income rose in 2024, ending two years of decline.", "0"),
        ("Net income rose in 2024.", "Net income rose in 2025.", "0"),
        ("Net income rose in 2025.", "Net income fell in 2023.", "0"),
        ("Revenue rose in 2025.", "Net income rose in 2025.", "0"),
        # What was wrong before refutes nothing.
        ("Net income fell in 2025.", "Net income rose in 2025.", "0"),
        ("", "Net income rose in 2025.", "0"),
    ],
)
def test_silent_reversal_is_a_doubt(before: str, text: str, doubt: str) -> None:
    [check] = verify_dated(text, SOURCES, before)
    assert (check.verdict, check.history) == (SUPPORTED, Decimal(doubt))
    assert [one.code for one in check.findings] == (["reversal"] if check.history else [])


def test_open_reversal_says_so() -> None:
    [check] = verify_dated("Revenue fell in 2025.", SOURCES, "Revenue rose in 2025.")
    assert (check.verdict, check.history) == (CONTRADICTED, Decimal(1))
    assert check.findings[-1].reason.endswith(
        "revenue rose for fiscal 2025; this says the opposite"
    )


@pytest.mark.parametrize(
    "text", ["", "Again.", "It was again a good year", "latest fiscal year, 2024"]
)
def test_words_without_a_figure_decide_nothing(text: str) -> None:
    for check in verify_dated(text, SOURCES):
        assert check.verdict in (Verdict.NOT_CHECKABLE, Verdict.NOT_FOUND)


def test_true_sentences_of_the_writer_stay_as_they_are() -> None:
    sentences = 0
    for one, draft in bundled.drafts():
        sources = bundled.sources(one)
        for tier in Tier:
            text = " ".join(sentence.text for sentence in draft.tiers[tier])
            checks = verify(text, sources)
            assert verify_dated(text, sources, text) == checks
            sentences += len(checks)
    assert sentences > 700
