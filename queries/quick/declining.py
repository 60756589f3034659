"""What isn't answered as it was asked: advice, and questions of no company that we know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from queries.quick import suggesting
from queries.quick.spoken import Found, remark, unsaid
from queries.understanding.listings import Listing, Register
from queries.understanding.values import Meant
from queries.values import Kind

ADVICE = (
    "Whether to buy, hold or sell, or where a price will go, isn't for this page to say: that is "
    "for you and your client to weigh. What the sources do say:"
)
ADVICE_ALONE = (
    "Whether to buy, hold or sell, or where a price will go, isn't for this page to say. Name a "
    "company, and it tells what the sources say of its figures, filings and research."
)
# What somebody who weighs a stock asks for first.
FACTS = ("revenue", "operating_margin", "net_income", "free_cash_flow", "borrowings")


def declined(facts: Found) -> Found:
    """Politely, with the facts in place of advice; without any with the request for a company."""
    lead = remark(ADVICE if facts.claims else ADVICE_ALONE)
    return replace(facts, claims=(lead, *facts.claims), kind=Kind.DECLINED)


def unnamed(meant: Meant, register: Register) -> tuple[Found, tuple[str, ...]]:
    """A question of no known company: the companies near the name that it has, or the request for
    one; with suggestions."""
    for name in meant.unknown:
        if listed := register.near(name):
            return unsaid(f"We don't know a company “{name}”. Near it: {_told(listed)}."), (
                suggesting.near(listed)
            )
    if meant.unknown:
        return unsaid(
            f"We don't know a company “{meant.unknown[0]}”. Write its name as it is listed, or its "
            "ticker, as in “revenue of AAPL last year”."
        ), ()
    return unsaid(
        "Name a company or its ticker, as in “revenue of AAPL last year”, or choose one beside the "
        "question."
    ), ()


def _told(listed: Sequence[Listing]) -> str:
    return ", ".join(f"{one.name} ({one.ticker})" for one in listed)
