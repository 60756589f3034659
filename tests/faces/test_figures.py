from __future__ import annotations

from datetime import date

import pytest

from summaries.models import Stock
from summaries.pages.figures import Cell, Column, Row, chart, figures
from tests.factories import make_fact, make_filing, make_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def stock() -> Stock:
    stock = make_stock()
    for year, revenue, income in ((2022, 900, 40), (2023, 1000, -50), (2024, 1234, 60)):
        filing = make_filing(stock, year=year)
        make_fact(filing, revenue * 10**6)
        make_fact(filing, income * 10**6, concept="us-gaap:NetIncomeLoss")
    make_fact(filing, "2.345", concept="us-gaap:EarningsPerShareDiluted", unit="USD/shares")
    return stock


def test_years_are_columns_newest_first(stock: Stock) -> None:
    table = figures(stock)
    assert table
    assert table.unit == "USD millions"
    assert table.columns == (
        Column("FY2024", "31 Dec 2024"),
        Column("FY2023", "31 Dec 2023"),
        Column("FY2022", "31 Dec 2022"),
    )
    assert [(row.name, [cell and cell.text for cell in row.cells]) for row in table.rows] == [
        ("Revenue", ["1,234", "1,000", "900"]),
        ("Net income", ["60", "−50", "40"]),
        ("Diluted earnings per share", ["2.35", None, None]),
    ]
    assert table.sources == (
        "10-K filed 14 Feb 2025", "10-K filed 14 Feb 2024", "10-K filed 14 Feb 2023",
    )  # fmt: skip


def test_a_cell_leads_to_its_fact_as_filed(stock: Stock) -> None:
    table = figures(stock)
    assert table
    fact = stock.facts.get(concept="us-gaap:EarningsPerShareDiluted")
    assert table.rows[-1] == Row(
        "Diluted earnings per share",
        "USD a share",
        (Cell("2.35", fact.pk, "2.345 USD/shares, 1 Jan 2024 – 31 Dec 2024, 10-K"), None, None),
    )


def test_small_companies_are_told_in_thousands() -> None:
    make_fact(make_filing(make_stock()), 4_560_000)
    table = figures(Stock.objects.get())
    assert table
    assert table.unit == "USD thousands"
    assert table.rows[0].cells[0]
    assert table.rows[0].cells[0].text == "4,560"


def test_quarters_where_there_is_no_year() -> None:
    filing = make_filing(
        make_stock(), form="10-Q", fiscal_period="Q1", period_end=date(2024, 3, 31)
    )
    make_fact(filing, 10**9)
    table = figures(Stock.objects.get())
    assert table
    assert table.span == "quarters"


def test_nothing_reported_is_no_table() -> None:
    assert figures(make_stock()) is None


def test_bars_stand_on_zero(stock: Stock) -> None:
    table = figures(stock)
    assert table
    drawn = chart(table)
    assert drawn
    assert [(bar.name, bar.label) for bar in drawn.bars] == [
        ("FY2022", "$900m"), ("FY2023", "$1.0bn"), ("FY2024", "$1.2bn"),
    ]  # fmt: skip
    heights = [float(bar.height) for bar in drawn.bars]
    assert heights[0] / heights[2] == pytest.approx(900 / 1234, rel=0.01)
    assert {round(float(bar.y) + float(bar.height), 1) for bar in drawn.bars} == {
        float(drawn.baseline)
    }


def test_a_loss_hangs_below_zero() -> None:
    stock = make_stock()
    for year, income in ((2023, -50), (2024, 60)):
        make_fact(make_filing(stock, year=year), income * 10**6, concept="us-gaap:NetIncomeLoss")
    table = figures(stock)
    assert table
    drawn = chart(table)
    assert drawn
    assert drawn.name == "net income"
    loss = drawn.bars[0]
    assert loss.is_negative
    assert loss.y == drawn.baseline
    assert loss.label == "−$50m" or loss.label == "−$50.0m"


def test_one_bar_is_no_chart() -> None:
    make_fact(make_filing(make_stock()))
    table = figures(Stock.objects.get())
    assert table
    assert chart(table) is None
