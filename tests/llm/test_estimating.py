"""Estimates against the word pieces that stand for the providers' tokens in all tests."""

from __future__ import annotations

import csv
import gzip
import time

import pytest

from llm.estimating import estimate_text, estimate_tokens
from llm.values import Part, Request, Turn
from tests.summaries.bundled import BUNDLE
from tests.vendors.tokens import counter, scaled

PROSE = """
The company's net sales rose 4.2% to $1,234.5 million in fiscal 2025, because volumes in North
America grew and prices held. Gross margin widened by 130 basis points to 41.7%; the cost of
freight fell, and so did what was paid for energy. Operating income of $312.8 million compares
with $287.1 million a year before. Management repurchased 3.1 million shares for $402 million,
paid dividends of $1.48 a share, and ended the year with cash and equivalents of $845.6 million
and long-term debt of $1.92 billion, due between 2027 and 2044. It expects organic growth of three
to four percent in fiscal 2026, and capital expenditures of about $150 million. Goodwill was not
impaired. The effective tax rate was 21.3%, after 19.8%, as credits for research were lower.
"""
TABLE = "\n".join(
    f"{name} | ${1000 + step * 37:,} | {900 + step * 29:,} | ({step * 11:,}) | {step * 1.7:.1f}%"
    for step, name in enumerate(
        """Net sales;Cost of goods sold;Gross profit;Selling, general and administrative;Research
        and development;Operating income;Interest expense, net;Income before taxes;Provision for
        income taxes;Net income;Diluted earnings per share;Total current assets;Property, plant and
        equipment, net;Accumulated other comprehensive loss""".replace("\n", " ").split(";")
    )
)


def facts() -> str:
    """Lines of the bundled companies' facts: concepts, values, periods."""
    lines = []
    for path in sorted((BUNDLE / "facts").glob("*.csv.gz"))[:12]:
        with gzip.open(path, "rt") as opened:
            lines += [" ".join(row) for row in list(csv.reader(opened))[1:40]]
    return "\n".join(lines)


@pytest.mark.parametrize("model", ["claude-haiku-5-5", "claude-sonnet-5-5", "gpt-6-luna"])
@pytest.mark.parametrize(
    ("text", "error"), [(PROSE, 0.05), (TABLE, 0.05), (facts(), 0.06), (PROSE + TABLE, 0.03)]
)
def test_the_error_on_our_kinds_of_text(text: str, error: float, model: str) -> None:
    counted = scaled(counter("pieces")(text), model)
    assert estimate_text(text, model) == pytest.approx(counted, rel=error)


def test_a_whole_request_is_near_what_is_billed() -> None:
    request = Request(
        model="claude-sonnet-5-5",
        system=(Part(PROSE * 5, is_stable=True),),
        turns=(Turn("user", (Part(TABLE), Part(PROSE))), Turn("assistant", (Part(PROSE),))),
        max_output_tokens=100,
        schema={"type": "object", "properties": {"sentence": {"type": "string"}}},
    )
    pieces = counter("pieces")(PROSE * 5 + TABLE + PROSE * 2) + 30
    assert estimate_tokens(request) == pytest.approx(scaled(pieces, request.model), rel=0.04)


def test_nothing_is_nothing_and_a_request_never_is() -> None:
    assert estimate_text("", "gpt-6-luna") == 0
    assert estimate_text("a", "gpt-6-luna") == 1
    empty = Request("gpt-6-luna", (), (), 10)
    assert estimate_tokens(empty) == 3


def test_other_scripts_and_broken_characters_count() -> None:
    assert estimate_text("売上高は増加した", "gpt-6-luna") == 8
    assert estimate_text("📈📉", "gpt-6-luna") == 2
    assert estimate_text("\ud83d", "gpt-6-luna") == 1


def test_claude_counts_a_third_more() -> None:
    others = estimate_text(PROSE, "gpt-6-luna")
    assert estimate_text(PROSE, "claude-haiku-5-5") == pytest.approx(others * 1.3, abs=1)


def test_it_takes_no_time() -> None:
    text = PROSE * 1000  # 800 kB
    began = time.process_time()
    estimate_text(text, "gpt-6-luna")
    assert time.process_time() - began < 0.2
