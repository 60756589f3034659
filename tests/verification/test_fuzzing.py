"""Whatever is claimed of whatever source: a verdict, and never an exception.

Texts are made of what the readers look for, put together without sense, and of any characters.
"""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from summaries.verification.documents.judging import told
from summaries.verification.documents.sources import source_of

PIECES = (
    "revenue", "net income", "of", "the", "in", "and", "respectively", "from", "to", "between", "was",
    "rose", "fell", "by", "not", "average", "total", "percentage", "change", "ratio", "per share",
    "compared with", "as a percentage of", "for the year ended", "December 31,", "2019", "2020", "FY21",
    "Q3", "1H22", "the third quarter of", "last year", "sequentially", "$", "€", "(", ")", "-", "—",
    "%", "bps", "basis points", "million", "billion", "thousand", "1,234.5", "12", "0", ".5", "1.2.3",
    "99999999999999999999999999999999", "1e9", "½", "٣", "two thirds", "doubled", "nearly", "x", "|",
    "\n", ",", ";", ".", ":", "“", "'000", "N/A", "+", "/", "CAGR", "days", "employees",
)  # fmt: skip
sense = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
words = st.one_of(sense, st.text(max_size=120), st.tuples(sense, st.text(max_size=20)).map("".join))
cells = st.one_of(st.sampled_from(PIECES), sense, st.text(max_size=12))
tables = st.lists(st.lists(cells, max_size=6), max_size=8)
metas = st.dictionaries(
    st.sampled_from(["company", "ticker", "quarter", "period", "report_year", "year"]),
    st.one_of(st.none(), st.integers(), st.text(max_size=12), st.sampled_from(PIECES)),
)


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(claim=words, text=words, table=tables, meta=metas)
def test_any_claim_of_any_source_gets_a_verdict(
    claim: str, text: str, table: list[list[str]], meta: dict[str, object]
) -> None:
    judged = told(claim, source_of(text, table, meta=meta))

    assert 0 <= judged.score <= 1
    assert 0 <= judged.risk <= 1
    for reason in judged.reasons:
        assert reason.text
        assert 0 <= reason.start <= reason.end <= len(claim)
    for evidence in judged.evidence:
        assert evidence.start < 0 or evidence.end <= len(text)


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(table=tables, claim=sense)
@example(
    table=[[], ["revenue the third quarter of", "revenue"]],
    claim=f"{'revenue ' * 11}the third quarter of \n compared with",
)
def test_a_claim_is_never_proven_by_nothing(table: list[list[str]], claim: str) -> None:
    """A figure that no source has is not supported, whatever stands around it."""
    assert told(f"Revenue was $48,151.62 {claim}", source_of(" ", table)).verdict != "supported"


SENTENCES = [
    "Harrow's revenue of $1,482.7 million in fiscal 2023 was 12.5% above the $1,317.9 million of 2022.",
    "At March 31, 2024, the plant employed 4,120 people, and 37% of them had 10 years of service.",
    "The notes due 2031 bear 4.875% interest, payable on May 15 and November 15, under Rule 144A.",
    "Basic earnings per share rose to $3.46 from $2.98, helped by 35 basis points of margin.",
    "Inventories turned 6.2 times, and the cash conversion cycle came to 48 days in Q3 2024.",
]  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_changed_digit_of_a_cited_sentence_is_supported(sentence: str) -> None:
    chosen = random.Random(sentence)
    source = source_of(" ".join(SENTENCES))
    assert told(sentence, source).verdict == "supported"
    for found in re.finditer(r"\d", sentence):
        other = chosen.choice([one for one in "0123456789" if one != found[0]])
        changed = sentence[: found.start()] + other + sentence[found.end() :]
        assert told(changed, source).verdict != "supported", changed
