"""Tables with heads over several columns, captions with a scale, sections, percent rows."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from summaries.verification.documents.figures import Unit
from summaries.verification.documents.sources import source_of
from summaries.verification.documents.table_units import scale_of
from summaries.verification.documents.tables import Table


def test_scale_unit_and_period_of_a_cell() -> None:
    table = Table.of(
        [
            ["", "Fiscal Year", "", "Variance in", ""],
            ["(In millions, except for percentages)", "2018", "2017", "Dollars", "Percent"],
            ["Net revenues", "$2,554", "$2,355", "$199", "8%"],
            ["Operating margin", "19%", "(8)%", "", ""],
        ]
    )
    revenues, margin = table.rows
    cell = revenues.cells[1]
    assert (cell.value, cell.figure.unit, cell.figure.currency) == (
        Decimal("2554e6"), Unit.MONEY, "USD",
    )  # fmt: skip
    assert cell.years == {2018}
    assert [column.is_change for column in table.columns[:4]] == [False, False, False, True]
    assert revenues.cells[4].figure.unit is Unit.PERCENT
    assert (margin.cells[2].value, margin.cells[2].figure.unit) == (Decimal(-8), Unit.PERCENT)


def test_sections_and_a_scale_below_the_years() -> None:
    table = Table.of(
        [
            ["", "As of December 31,", ""],
            ["", "2019", "2018"],
            ["", "(Dollars in thousands)", ""],
            ["Assets", "", ""],
            ["Cash", "$1,169", "1,111"],
            ["Liabilities", "", ""],
            ["Debt", "(5)", "—"],
        ]
    )
    cash, debt = table.rows
    assert (cash.sections, debt.sections) == (("Assets",), ("Liabilities",))
    assert cash.cells[1].value == Decimal("1169e3")
    assert (debt.cells[1].value, 2 in debt.cells) == (Decimal("-5e3"), False)
    assert cash.cells[2].years == {2018}


def test_scales() -> None:
    assert scale_of("(in thousands of U.S. dollars)") == 1000
    assert scale_of("£m") == 10**6
    assert scale_of("in billions of dollars at year end") == 10**9
    assert scale_of("$000s") == 1000


def test_lines_with_bars_are_a_table() -> None:
    source = source_of("Sales, in millions:\n| | 2024 | 2023 |\n| Paint | 7 | 9 |\n")
    (table,) = source.tables
    assert [str(cell.value) for cell in table.cells()] == ["7000000", "9000000"]


cells = st.text(alphabet="0123456789$%(),.-— abcdefghijMmillions", max_size=12)


@given(st.lists(st.lists(cells, max_size=5), max_size=6), st.text(max_size=40))
def test_any_rows_are_read(rows: list[list[str]], caption: str) -> None:
    table = Table.of(rows, caption)
    assert len(table.rows) <= len(rows)


def test_a_row_without_a_label_is_its_sections_total_where_it_adds_up() -> None:
    table = Table.of(
        [
            ["", "2024", "2023"],
            ["Debts due within a year:", "", ""],
            ["Owed to kilns", "24", "20"],
            ["Other", "2", "1"],
            ["", "26", "21"],
            ["Debts due later:", "", ""],
            ["Owed to kilns", "40", "30"],
            ["Other", "–", "5"],
            ["", "41", "35"],
        ]
    )
    assert [row.label for row in table.rows] == [
        "Owed to kilns", "Other", "Total Debts due within a year", "Owed to kilns", "Other", "",
    ]  # fmt: skip
