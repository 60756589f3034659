"""An outage as the ledger has it: attempts lost at one provider, answers of another."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from costs.reports.outages import Outage, outages
from costs.reports.window import window
from costs.tokens import Tokens
from tests.costs.reports_rows import LUNA, add, price, row

pytestmark = pytest.mark.django_db
MONTH = window("2026-11")
D = Decimal


def test_no_failure_is_no_outage() -> None:
    of = price()
    add(row(of), row(of, error="wrong_usage"), row(of, was_stopped=True),
        row(of, Tokens(), state="sending"))  # fmt: skip
    assert outages(MONTH) == []


def test_what_an_outage_cost() -> None:
    first, second = price(), price(LUNA, provider="openai")
    calls = [uuid.uuid4() for _ in range(6)]
    add(
        # Refused at A twice, answered by B: one call, answered once.
        row(first, call=calls[0], attempt=1, state="failed", error="overloaded"),
        row(first, call=calls[0], attempt=2, state="failed", error="overloaded"),
        row(second, Tokens(1000), call=calls[0], attempt=3),  # 2,000
        # Broke off in mid-stream, billed 5,000; B answered.
        row(first, Tokens(2000, output=100), call=calls[1], attempt=1, error="broken",
            was_partial=True),
        row(second, Tokens(3000), call=calls[1], attempt=2, error="wrong_usage"),  # 6,000
        # Nobody knows, 4,000 by our count; nobody answered.
        row(first, Tokens(2000), call=calls[2], attempt=1, state="unknown", error="timed_out"),
        row(second, call=calls[2], attempt=2, state="failed", error="server"),
        # A answered when asked again.
        row(first, call=calls[3], attempt=1, state="failed", error="rate_limited"),
        row(first, call=calls[3], attempt=2),
        # Nothing happened.
        row(first, call=calls[4]),
        row(second, call=calls[5]),
    )  # fmt: skip
    assert outages(MONTH) == [
        Outage(
            provider="anthropic", attempts=7, failed=5, wasted_usd=D("0.009"),
            answered_elsewhere=2, elsewhere_usd=D("0.008"), unanswered=1,
            kinds=(("overloaded", 2), ("broken", 1), ("rate_limited", 1), ("timed_out", 1)),
        ),
        Outage(
            provider="openai", attempts=4, failed=1, wasted_usd=D(0), answered_elsewhere=0,
            elsewhere_usd=D(0), unanswered=1, kinds=(("server", 1),),
        ),
    ]  # fmt: skip


def test_another_month_is_another_month() -> None:
    add(row(price(), state="failed", error="overloaded"))
    assert len(outages(MONTH)) == 1
    assert outages(window("2026-10")) == []
