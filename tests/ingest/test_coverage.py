"""What share each source covers, what is stale, and why; by function and by command."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from summaries.ingest.coverage import coverage
from summaries.models import Plan, ResearchIssuer, ResearchNote, SourceItem, Stock
from tests.factories import make_filing, make_stock

pytestmark = pytest.mark.django_db

KINDS = {"edgar": ("list", "facts"), "factset": ("fundamentals", "prices", "estimates")}


@pytest.fixture
def stocks() -> list[Stock]:
    found = [make_stock(ticker, cik=place + 1) for place, ticker in enumerate(("AAA", "BBB"))]
    for stock in found:
        make_filing(stock)
    return found


def confirm(stock: Stock, source: str, *, days_ago: int = 0) -> None:
    for kind in KINDS[source]:
        SourceItem.objects.create(
            source=source, stock=stock, key=kind, kind=kind, state="stored",
            checked_at=timezone.now() - timedelta(days=days_ago),
        )  # fmt: skip


def note_on(stock: Stock, *, days_ago: int, status: str = "published") -> None:
    plan, _ = Plan.objects.get_or_create(code="bluematrix:1", defaults={"name": "Broker"})
    at = timezone.now() - timedelta(days=days_ago)
    note = ResearchNote.objects.create(
        source_id=f"{stock}-{days_ago}", version="1", status=status, plan=plan, title="A note",
        publisher="Broker", published_at=at, status_at=at, raw_sha256="0" * 64,
    )  # fmt: skip
    ResearchIssuer.objects.create(note=note, stock=stock, position=0, ticker=stock.ticker)


def told(**options: object) -> tuple[int, str]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_source_coverage", stdout=out, **options)
    return int(end.value.code or 0), out.getvalue()


def test_nothing_ingested_is_nothing_covered(stocks: list[Stock]) -> None:
    found = coverage()
    assert [(one.source, one.covered, one.stocks, one.well) for one in found] == [
        ("edgar", 0, 2, False), ("bluematrix", 0, 2, False), ("factset", 0, 2, False),
    ]  # fmt: skip
    assert [one.target for one in found] == [Decimal("1.00"), Decimal("0.80"), Decimal("1.00")]
    assert not any(one.is_configured for one in found)


def test_all_confirmed_and_noted_is_well(stocks: list[Stock]) -> None:
    for stock in stocks:
        confirm(stock, "edgar")
        confirm(stock, "factset")
        note_on(stock, days_ago=30)
    assert all(one.well and one.share == 1 for one in coverage())
    code, words = told()
    assert code == 0
    assert "EDGAR" in words
    assert "2/2 stocks (100%; target 100%) ok" in words


def test_stale_and_missing_are_named_with_the_reason(stocks: list[Stock]) -> None:
    confirm(stocks[0], "edgar", days_ago=8)
    SourceItem.objects.create(
        source="edgar", stock=stocks[1], key="list", kind="list", state="failed",
        error="EDGAR didn't answer",
    )  # fmt: skip
    note_on(stocks[0], days_ago=400)
    note_on(stocks[1], days_ago=3, status="recalled")
    edgar, research, _ = coverage()
    assert [gap.ticker for gap in edgar.gaps] == ["AAA", "BBB"]
    assert edgar.gaps[0].why.startswith("list last confirmed")
    assert edgar.gaps[1].why == "list never ingested: EDGAR didn't answer"
    assert [gap.why.partition(" of ")[0] for gap in research.gaps] == [
        "newest note", "no note in force",
    ]  # fmt: skip
    code, words = told()
    assert code == 1
    assert "short" in words
    assert "EDGAR didn't answer" in words


def test_four_of_five_with_research_is_enough(stocks: list[Stock]) -> None:
    stocks += [make_stock(ticker, cik=9) for ticker in ("CCC", "DDD", "EEE")]
    for stock in stocks:
        if not stock.filings.exists():
            make_filing(stock)
    for stock in stocks[:4]:
        note_on(stock, days_ago=1)
    research = coverage()[1]
    assert (research.share, research.well) == (Decimal("0.8"), True)


def test_json_lists_every_gap_and_unknown_tickers_are_told(stocks: list[Stock]) -> None:
    code, words = told(json=True, tickers="AAA")
    assert code == 1
    assert [one["gaps"][0]["ticker"] for one in json.loads(words)] == ["AAA"] * 3
    with pytest.raises(CommandError, match="No stock has the ticker AAAX"):
        call_command("check_source_coverage", tickers="AAAX")


def test_no_stocks_are_not_covered() -> None:
    assert [(one.stocks, one.well) for one in coverage()] == [(0, False)] * 3
