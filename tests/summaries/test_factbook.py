from datetime import date, timedelta
from decimal import Decimal

from summaries.factbook import Fact, FactBook
from summaries.periods import Period, Span
from tests.summaries.books import book, facts, filing, year


def test_newest_filing_speaks_and_the_older_stays_known() -> None:
    old = Fact(1, "us-gaap:Revenues", "USD", year(2024), Decimal(100), filing(year(2024)))
    restated = Fact(2, "us-gaap:Revenues", "USD", year(2024), Decimal(90), filing(year(2025)))
    held = FactBook([restated, old])
    assert held.item("revenue", year(2024)) == restated
    assert held.by_id(1) == old


def test_one_concept_a_company_the_one_of_its_latest_report() -> None:
    old = [
        Fact(n, "us-gaap:Revenues", "USD", year(2020 + n), Decimal(n), filing(year(2020 + n)))
        for n in (1, 2)
    ]
    name = "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax"
    new = [
        Fact(10 + n, name, "USD", year(2020 + n), Decimal(10 * n), filing(year(2020 + n)))
        for n in (2, 3)
    ]
    series = FactBook([*old, *new]).item_series("revenue", Span.YEAR)
    assert [fact.id for fact in series.values()] == [12, 13]


def test_trailing_twelve_months_are_no_fiscal_year() -> None:
    trailing = Period(date(2025, 3, 31), date(2024, 4, 1))
    odd = Fact(99, "us-gaap:Revenues", "USD", trailing, Decimal(5), filing(trailing, form="10-Q"))
    held = FactBook([*facts({"revenue": [1, 2]}, last=2024), odd])
    assert held.years() == [year(2023), year(2024)]
    assert held.item("revenue", trailing) is None


def test_balance_is_read_at_the_end_of_the_period() -> None:
    held = book({"revenue": [1, 2], "cash": [3, 4]})
    cash = held.item("cash", year(2025))
    assert cash is not None
    assert cash.value == 4
    assert cash.period == Period(date(2025, 12, 31))


def test_units_that_are_not_the_items_are_left_out() -> None:
    wrong = Fact(
        1, "us-gaap:EarningsPerShareDiluted", "USD", year(2025), Decimal(1), filing(year(2025))
    )
    assert FactBook([wrong]).item("diluted_eps", year(2025)) is None


def test_year_before_is_found_across_a_53rd_week() -> None:
    short = Period(date(2022, 9, 24), date(2021, 9, 26))
    long = Period(date(2023, 9, 30), date(2022, 9, 25))
    held = FactBook(
        Fact(n, "us-gaap:Revenues", "USD", at, Decimal(n), filing(at, id=n))
        for n, at in enumerate((short, long), start=1)
    )
    assert held.year_before(long) == short
    assert held.year_before(short) is None


def test_filing_without_date_is_ordered_by_its_period() -> None:
    dated = filing(year(2024))
    undated = filing(year(2025))
    object.__setattr__(undated, "filed", None)
    assert dated.recency < undated.recency
    assert dated.filed is not None
    assert dated.filed - dated.period_end == timedelta(days=45)


def test_empty_book_has_nothing_and_says_so() -> None:
    empty = FactBook([])
    assert (len(empty), empty.years(), empty.quarters(), empty.currency) == (0, [], [], "USD")
    assert empty.item("revenue", year(2025)) is None
