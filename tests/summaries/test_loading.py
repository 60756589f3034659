import gzip
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from summaries.benchmarking import ensure_snapshots, snapshot_passage
from summaries.books import benchmark, current_snapshot, fact_book, inputs_hash
from summaries.loading import load_companyfacts
from summaries.models import Document, Fact, Filing, SectorSnapshot, Stock
from summaries.periods import Period
from summaries.statements import ensure_documents, passages

pytestmark = pytest.mark.django_db

FILED = {
    "fy": 2024,
    "fp": "FY",
    "form": "10-K",
    "accn": "0000000001-25-000001",
    "filed": "2025-02-01",
}


def companyfacts(*, cik: int = 1, revenue: int = 2000, assets: int = 900, **filed: Any) -> bytes:
    row = {**FILED, **filed}
    year = {"start": "2024-01-01", "end": "2024-12-31"}
    before = {"start": "2023-01-01", "end": "2023-12-31"}
    concepts = {
        "Revenues": [{**before, "val": 1000, **row}, {**year, "val": revenue, **row}],
        "OperatingIncomeLoss": [{**year, "val": 500, **row}],
        "Assets": [{"end": "2024-12-31", "val": assets, **row}],
    }
    return json.dumps(
        {
            "cik": cik,
            "entityName": "ACME TOOLS INC",
            "facts": {
                "us-gaap": {name: {"units": {"USD": rows}} for name, rows in concepts.items()}
            },
        }
    ).encode()


def version(stock: Stock) -> str:
    return inputs_hash(stock, None, version="1")


def test_loading_twice_changes_nothing() -> None:
    load_companyfacts(companyfacts(), ticker="acmt")
    stock = Stock.objects.get(ticker="ACMT")
    before = version(stock), list(Fact.objects.values_list("pk", "value", "known_at"))
    load_companyfacts(companyfacts(), ticker="ACMT")
    assert (version(stock), list(Fact.objects.values_list("pk", "value", "known_at"))) == before
    assert (stock.name, Filing.objects.count()) == ("Acme Tools Inc", 1)


def test_restatement_stands_beside_what_it_restates() -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    load_companyfacts(
        companyfacts(revenue=1900, form="10-K/A", accn="0000000001-25-000009", filed="2025-06-01"),
        ticker="ACMT",
    )
    stock = Stock.objects.get(ticker="ACMT")
    year = Period(date(2024, 12, 31), date(2024, 1, 1))
    held = fact_book(stock).item("revenue", year)
    assert held is not None
    assert held.value == 1900
    assert sorted(
        stock.facts.filter(concept="us-gaap:Revenues", end=year.end).values_list("value", flat=True)
    ) == [
        Decimal(1900),
        Decimal(2000),
    ]


def test_what_was_known_then_is_read_as_of_then() -> None:
    load_companyfacts(companyfacts(filed="2025-02-01"), ticker="ACMT")
    load_companyfacts(
        companyfacts(revenue=1900, form="10-K/A", accn="0000000001-25-000009", filed="2025-06-01"),
        ticker="ACMT",
    )
    from datetime import UTC, datetime

    stock = Stock.objects.get(ticker="ACMT")
    Fact.objects.update(known_at=datetime(2025, 2, 2, tzinfo=UTC))
    year = Period(date(2024, 12, 31), date(2024, 1, 1))
    spring = fact_book(stock, at=datetime(2025, 3, 1, tzinfo=UTC)).item("revenue", year)
    assert spring is not None
    assert spring.value == 2000
    assert len(fact_book(stock, at=datetime(2025, 1, 1, tzinfo=UTC))) == 0


def test_ticker_of_another_company_is_refused() -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    with pytest.raises(ValueError, match=r"ACMT is CIK 1 .* the file is of CIK 2"):
        load_companyfacts(companyfacts(cik=2), ticker="ACMT")


def test_command_says_what_is_wrong_with_a_file_and_loses_nothing(tmp_path: Path) -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    for name, content in {
        "gone.json": None,
        "page.json": b"<html>Request Rate Threshold Exceeded</html>",
        "cut.json.gz": gzip.compress(companyfacts())[:60],
    }.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(CommandError, match=name):
            call_command("load_facts", "ACMT", str(path))
    assert Fact.objects.count() == 4


def test_inputs_hash_follows_a_changed_fact_of_this_stock_alone() -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    load_companyfacts(companyfacts(cik=2), ticker="OTHR")
    one, other = Stock.objects.get(ticker="ACMT"), Stock.objects.get(ticker="OTHR")
    before = version(one), version(other)
    Fact.objects.filter(stock=one, concept="us-gaap:Assets").update(value=901)
    assert version(one) != before[0]
    assert version(other) == before[1]


def test_statement_document_prints_each_fact_where_its_passage_says() -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    stock = Stock.objects.get(ticker="ACMT")
    assert ensure_documents(stock) == 1
    assert ensure_documents(stock) == 0
    document = Document.objects.get()
    found = passages(stock, stock.facts.values_list("pk", flat=True))
    quotes = sorted(passage.quote for passage in found.values())
    assert quotes == [
        "Operating income [us-gaap:OperatingIncomeLoss], 1 January 2024 to 31 December 2024: 500 USD",
        "Revenue [us-gaap:Revenues], 1 January 2023 to 31 December 2023: 1,000 USD",
        "Revenue [us-gaap:Revenues], 1 January 2024 to 31 December 2024: 2,000 USD",
        "Total assets [us-gaap:Assets], at 31 December 2024: 900 USD",
    ]
    for passage in found.values():
        assert document.text[passage.start : passage.end] == passage.quote


def test_changed_fact_makes_a_new_version_and_keeps_the_old() -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    stock = Stock.objects.get(ticker="ACMT")
    ensure_documents(stock)
    old = Document.objects.get()
    Fact.objects.filter(concept="us-gaap:Assets").update(value=901)
    assert ensure_documents(stock) == 1
    assert Document.objects.count() == 2
    assert "900 USD" in Document.objects.get(pk=old.pk).text


def test_document_text_can_not_be_changed() -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    ensure_documents(Stock.objects.get(ticker="ACMT"))
    with pytest.raises(Exception, match=r"(?i)document"), transaction.atomic():
        Document.objects.update(text="something else")


def sector(*, members: int) -> None:
    for number in range(1, members + 1):
        load_companyfacts(
            companyfacts(cik=number, revenue=1000 + 100 * number), ticker=f"T{number}"
        )
    Stock.objects.update(sector="Materials")


def test_sector_snapshot_is_taken_once_and_stays() -> None:
    sector(members=5)
    assert ensure_snapshots() == 1
    Fact.objects.filter(stock__ticker="T1", concept="us-gaap:OperatingIncomeLoss").update(value=900)
    assert ensure_snapshots() == 0
    snapshot = current_snapshot("Materials")
    taken = benchmark(snapshot)
    assert snapshot is not None
    assert taken is not None
    # 500 over 1100, 1200, 1300, 1400, 1500: the middle one.
    assert taken.median("operating_margin") == round(Decimal(500) / 1300, 6)
    passage = snapshot_passage(snapshot, "operating_margin")
    assert passage.quote == "Median operating margin of 5 companies: 38.46%"
    assert snapshot.document.text[passage.start : passage.end] == passage.quote
    assert ensure_snapshots(refresh=True) == 1
    assert SectorSnapshot.objects.count() == 2


def test_sector_of_too_few_is_not_compared() -> None:
    sector(members=2)
    assert ensure_snapshots() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update summaries_stock set ticker = 'acmt'",
        "update summaries_stock set cik = 0",
        "update summaries_stock set coverage = 'not_enough'",
        "update summaries_filing set accession = '25-1'",
        "update summaries_filing set filed = '2020-01-01'",
        "update summaries_fact set start = '2030-01-01'",
        "update summaries_fact set concept = 'Revenues'",
        "insert into summaries_fact select * from summaries_fact",
    ],
)
def test_database_refuses_what_must_never_be(statement: str) -> None:
    load_companyfacts(companyfacts(), ticker="ACMT")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
