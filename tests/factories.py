"""Rows for tests: plain functions, everything given or plainly defaulted, nothing random."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, User
from rest_framework.authtoken.models import Token

from summaries.models import (
    BatchItem,
    BatchRun,
    Citation,
    Claim,
    Document,
    Fact,
    Filing,
    Stock,
    Summary,
)
from summaries.models.texts import Tier, Verdict
from summaries.statements import render

REVENUE = "us-gaap:Revenues"
PUBLISHED_AT = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
PASSWORD = "only-for-tests-91"


def make_user(name: str, *groups: str, **fields: Any) -> User:
    user = User.objects.create_user(name, password=PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_token(user: User) -> str:
    return str(Token.objects.create(user=user).key)


def make_stock(ticker: str = "ACME", **fields: Any) -> Stock:
    given = {"name": f"{ticker.title()} Corp", "exchange": "NYSE", "sector": "Industrials"}
    return Stock.objects.create(**{"ticker": ticker, "cik": 1750, **given, **fields})


def make_filing(stock: Stock, *, year: int = 2024, **fields: Any) -> Filing:
    """The annual report on a calendar year, filed on 14 February of the next."""
    given = {
        "form": "10-K",
        "accession": f"{stock.cik:010}-{(year + 1) % 100:02}-{stock.pk % 10**6:06}",
        "period_end": date(year, 12, 31),
        "filed": date(year + 1, 2, 14),
        "fiscal_year": year,
        "fiscal_period": "FY",
    }
    return Filing.objects.create(stock=stock, **{**given, **fields})


def make_fact(
    filing: Filing, value: int | str = 1_234_000_000, *, concept: str = REVENUE, **fields: Any
) -> Fact:
    """A figure of the filing's own year; for a balance, pass start=None."""
    given = {"unit": "USD", "start": date(filing.period_end.year, 1, 1), "end": filing.period_end}
    return Fact.objects.create(
        stock=filing.stock,
        filing=filing,
        concept=concept,
        value=Decimal(value),
        **{**given, **fields},
    )


def make_document(filing: Filing) -> Document:
    """The statement document of the filing's facts, as the product renders it."""
    rendered = render(filing.stock, filing, filing.facts.all())
    return Document.objects.create(
        kind=Document.Kind.STATEMENTS,
        stock=filing.stock,
        filing=filing,
        title=rendered.title,
        text=rendered.text,
        sha256=rendered.sha256,
        public_at=filing.public_at or PUBLISHED_AT,
    )


def make_text_document(text: str, *, title: str = "Sector figures") -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document.objects.create(
        kind=Document.Kind.SECTOR, title=title, text=text, sha256=digest, public_at=PUBLISHED_AT
    )


def make_summary(
    stock: Stock, *, version: int = 1, state: str = "published", **fields: Any
) -> Summary:
    """A summary without claims."""
    is_public = state in {"published", "superseded"}
    given = {
        "writer": "extractive",
        "inputs_hash": "0" * 64,
        "data_through": date(2024, 12, 31),
        "filed": date(2025, 2, 14),
        "risk": 0,
        "published_at": PUBLISHED_AT if is_public else None,
        "state_reason": "medium sentence 1 is contradicted" if state == "held" else "",
    }
    return Summary.objects.create(stock=stock, version=version, state=state, **{**given, **fields})


def make_claim(
    summary: Summary,
    text: str,
    *,
    tier: str = Tier.HOOK,
    position: int = 0,
    verdict: str = Verdict.SUPPORTED,
) -> Claim:
    return Claim.objects.create(
        summary=summary, tier=tier, position=position, text=text, verdict=verdict
    )


def make_citation(
    claim: Claim,
    fact: Fact,
    document: Document,
    words: str,
    *,
    position: int = 0,
    formula: str = "",
) -> Citation:
    """The fact's line in the document, cited for ``words`` of the claim."""
    start, end = render(fact.stock, fact.filing, fact.filing.facts.all()).lines[fact.pk]
    claim_start = claim.text.index(words)
    return Citation.objects.create(
        claim=claim,
        position=position,
        document=document,
        fact=fact,
        start=start,
        end=end,
        quote=document.text[start:end],
        claim_start=claim_start,
        claim_end=claim_start + len(words),
        formula=formula,
    )


def make_published_summary(
    stock: Stock | None = None, *, version: int = 1, state: str = "published"
) -> Summary:
    """A summary whose every sentence says the revenue of 2024 and cites it."""
    stock = stock or make_stock()
    filing = stock.filings.first() or make_filing(stock)
    fact = filing.facts.first() or make_fact(filing)
    document = filing.documents.first() or make_document(filing)
    summary = make_summary(stock, version=version, state=state)
    sentences: Sequence[tuple[str, str]] = (
        (Tier.HOOK, f"{stock.name} took in $1.2bn in 2024."),
        (Tier.MEDIUM, f"Revenue of {stock.name} was $1.2bn in 2024."),
        (Tier.EXPANDED, "In the year to 31 December 2024, revenue was $1.2bn."),
    )
    for tier, text in sentences:
        make_citation(make_claim(summary, text, tier=tier), fact, document, "$1.2bn")
    return summary


def make_run(*states: str, **fields: Any) -> BatchRun:
    """A finished run, an item for each state, each of a new stock."""
    given = {"trigger": "command", "scope": "0" * 64, "state": "finished"}
    run = BatchRun.objects.create(**{**given, "finished_at": PUBLISHED_AT, **fields})
    for number, state in enumerate(states):
        stock = make_stock(f"RUN{run.pk}N{number}")
        summary = make_published_summary(stock) if state == "published" else None
        BatchItem.objects.create(
            run=run,
            stock=stock,
            state=state,
            summary=summary,
            message="The database was away." if state == "failed" else "",
        )
    return run
