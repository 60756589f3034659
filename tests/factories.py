"""Rows for tests: plain functions, everything given or plainly defaulted, nothing random."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, User
from rest_framework.authtoken.models import Token

from summaries.corpus import store_reading
from summaries.filings import read
from summaries.models import (
    BatchItem,
    BatchRun,
    Citation,
    Claim,
    DailyPrice,
    Document,
    Estimate,
    Fact,
    Filing,
    Fundamental,
    IngestItem,
    IngestRun,
    Plan,
    RegressionResult,
    RegressionRun,
    ResearchIssuer,
    ResearchNote,
    SourceItem,
    Stock,
    Summary,
)
from summaries.models.texts import Tier, Verdict
from summaries.passages import index_document
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


def make_regression(*cases: str, score: str = "0.5", **fields: Any) -> RegressionRun:
    """A run below its threshold, with one score of each case."""
    grade = {
        "evaluator": "word_count", "mean": float(score), "threshold": 0.9, "cases": len(cases),
        "undetermined": 0, "result": "below",
    }  # fmt: skip
    given = {
        "suite": "small", "suite_version": "a" * 12, "code_version": "b" * 12,
        "writer": "extractive", "verifier_version": "rules-1", "started_at": PUBLISHED_AT,
        "finished_at": PUBLISHED_AT, "seconds": 1, "result": "below", "grades": [grade],
    }  # fmt: skip
    run = RegressionRun.objects.create(**{**given, **fields})
    for case in cases:
        RegressionResult.objects.create(
            run=run, case=case, kind="summary", ticker="ACME", evaluator="word_count",
            score=Decimal(score), why="hook has 3 words, not 25 to 50",
        )  # fmt: skip
    return run


# Filings as they print themselves


def printed_value(
    concept: str,
    text: str,
    *,
    context: str = "year",
    scale: int = 6,
    sign: str = "",
    unit: str = "usd",
) -> str:
    """A number as inline XBRL tags it."""
    signed = f' sign="{sign}"' if sign else ""
    return (
        f'<ix:nonFraction name="{concept}" contextRef="{context}" unitRef="{unit}" '
        f'decimals="-{scale}" scale="{scale}" format="ixt:num-dot-decimal"{signed}>{text}'
        "</ix:nonFraction>"
    )


def filing_html(body: str, *, year: int = 2024) -> bytes:
    """An inline-XBRL document with a context for the ``year``, one for the year ``before`` and
    one ``at`` its end."""

    def context(name: str, period: str) -> str:
        return (
            f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">'
            f"0000001750</xbrli:identifier></xbrli:entity><xbrli:period>{period}</xbrli:period>"
            "</xbrli:context>"
        )

    def span(of: int) -> str:
        return f"<xbrli:startDate>{of}-01-01</xbrli:startDate><xbrli:endDate>{of}-12-31</xbrli:endDate>"

    contexts = (
        context("year", span(year))
        + context("before", span(year - 1))
        + context("at", f"<xbrli:instant>{year}-12-31</xbrli:instant>")
    )
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" '
        'xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:us-gaap="http://fasb.org/us-gaap/2024" '
        'xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" '
        'xmlns:iso4217="http://www.xbrl.org/2003/iso4217"><body><div style="display:none"><ix:header>'
        f"<ix:resources>{contexts}"
        '<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>'
        f"</ix:resources></ix:header></div>{body}</body></html>"
    ).encode()


def make_filing_document(
    filing: Filing, content: bytes, *, name: str = "main.htm", description: str = ""
) -> Document:
    """A document of the filing, read and stored as an ingest does it."""
    reading = read(content, form=description or filing.form)
    return store_reading(
        filing, reading, name=name, description=description or filing.form,
        url=f"https://www.sec.gov/Archives/edgar/data/{filing.stock.cik}/{name}",
        origin_sha256=hashlib.sha256(content).hexdigest(),
    ).document  # fmt: skip


# Research and what else the sources give


def make_plan(*members: User, code: str = "bluematrix:1", name: str = "Equities") -> Plan:
    plan, _ = Plan.objects.get_or_create(code=code, defaults={"name": name})
    plan.members.add(*members)
    return plan


def make_note(
    stock: Stock,
    plan: Plan,
    *,
    text: str = "Margins held better than we had written.",
    **fields: Any,
) -> ResearchNote:
    """A note in force on the stock, with its text where search finds it."""
    rated = {
        "rating": "outperform", "prior_rating": "neutral", "target_price": Decimal("245"),
        "prior_target_price": Decimal("210"), "currency": "USD",
    }  # fmt: skip
    rated |= {name: fields.pop(name) for name in list(fields) if name in rated}
    given = {
        "source_id": "note-1", "version": "1", "status": "published", "is_current": True,
        "title": "Better than feared", "publisher": "Example Securities",
        "analysts": [{"name": "Jane Example", "title": "Analyst", "is_primary": True}],
        "published_at": PUBLISHED_AT, "status_at": PUBLISHED_AT, "raw_sha256": "0" * 64,
        **fields,
    }  # fmt: skip
    document = Document.objects.create(
        kind=Document.Kind.RESEARCH, stock=stock, plan=plan, title=given["title"], text=text,
        name=f"{given['source_id']} {given['version']}",
        sha256=hashlib.sha256(text.encode()).hexdigest(), public_at=given["published_at"],
        is_current=given["is_current"],
    )  # fmt: skip
    note = ResearchNote.objects.create(plan=plan, document=document, **given)
    ResearchIssuer.objects.create(
        note=note, stock=stock, position=0, is_primary=True, ticker=stock.ticker, name=stock.name,
        **rated,
    )  # fmt: skip
    index_document(document, (), ())
    return note


def cite(claim: Claim, document: Document, quote: str, words: str) -> Citation:
    """The first place of ``quote`` in the document, cited for ``words`` of the claim."""
    start, claim_start = document.text.index(quote), claim.text.index(words)
    return Citation.objects.create(
        claim=claim, position=claim.citations.count(), document=document, start=start,
        end=start + len(quote), quote=quote, claim_start=claim_start,
        claim_end=claim_start + len(words),
    )  # fmt: skip


def make_source_item(source: str, key: str, **fields: Any) -> SourceItem:
    return SourceItem.objects.create(
        **{"source": source, "key": key, "state": "stored", "checked_at": PUBLISHED_AT, **fields}
    )


def make_ingest(source: str, *stocks: Stock | None, **fields: Any) -> IngestRun:
    """A finished run with an item, done, for each stock; None is the whole feed."""
    given = {"trigger": "command", "state": "finished", "finished_at": PUBLISHED_AT, **fields}
    run = IngestRun.objects.create(source=source, **given)
    for stock in stocks:
        IngestItem.objects.create(run=run, stock=stock, state="done", finished_at=PUBLISHED_AT)
    return run


def make_price(stock: Stock, on: date, close: str, *, known_at: datetime) -> DailyPrice:
    return DailyPrice.objects.create(
        stock=stock, on=on, currency="USD", close=Decimal(close), known_at=known_at
    )


def make_estimate(stock: Stock, mean: str, *, known_at: datetime, **fields: Any) -> Estimate:
    given = {
        "metric": "EPS", "periodicity": "ANN", "fiscal_end": date(2025, 12, 31),
        "estimate_date": date(2025, 6, 30), "currency": "USD",
    }  # fmt: skip
    return Estimate.objects.create(
        stock=stock, mean=Decimal(mean), known_at=known_at, **{**given, **fields}
    )


def make_fundamental(stock: Stock, value: str, *, known_at: datetime, **fields: Any) -> Fundamental:
    given = {
        "metric": "FF_SALES", "periodicity": "ANN", "fiscal_end": date(2024, 12, 31),
        "currency": "USD",
    }  # fmt: skip
    return Fundamental.objects.create(
        stock=stock, value=Decimal(value), known_at=known_at, **{**given, **fields}
    )
