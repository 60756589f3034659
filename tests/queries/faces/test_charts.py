"""Charts as places in an SVG. Pure."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from queries.pages.charts import Cell, Drawn, drawn, printed
from queries.pages.places import beside
from queries.values import Chart, Point, Series
from summaries.pages.bars import BOTTOM, HEIGHT, TOP, WIDTH


def of(*values: str | None, unit: str = "USD", label: str = "FY{}") -> Drawn:
    points = tuple(
        Point(label.format(2000 + place), None if value is None else Decimal(value))
        for place, value in enumerate(values)
    )
    return drawn(Chart("Title", unit, (Series("ACME", points),)))


def test_bars_stand_on_zero_and_hang_from_it() -> None:
    (panel,) = of("100", "-50").panels
    up, down = panel.bars
    assert (up.is_negative, down.is_negative) == (False, True)
    assert Decimal(up.y) + Decimal(up.height) == Decimal(panel.baseline) == Decimal(down.y)
    assert Decimal(up.height) == 2 * Decimal(down.height)
    assert Decimal(up.y) == TOP
    assert Decimal(down.label_y) <= HEIGHT - BOTTOM
    assert panel.words == "FY2000 $100; FY2001 −$50"


def test_all_below_zero_hang_from_the_top() -> None:
    (panel,) = of("-1", "-2").panels
    assert {bar.y for bar in panel.bars} == {panel.baseline} == {f"{TOP:.1f}"}


@pytest.mark.parametrize("unit", ["USD", "%", "shares"])
@pytest.mark.parametrize("label", ["FY{}", "Q1 FY{}"])
@pytest.mark.parametrize("many", range(2, 13))
def test_labels_never_touch(many: int, label: str, unit: str) -> None:
    (panel,) = of(*["416200000000"] * many, unit=unit, label=label).panels
    for texts in (
        [(bar.middle, bar.label) for bar in panel.bars],
        [(bar.middle, bar.name) for bar in panel.bars],
    ):
        spans = [
            (Decimal(at) - len(text) * 3, Decimal(at) + len(text) * 3) for at, text in texts if text
        ]
        assert (spans[0][0] >= 0, spans[-1][1] <= WIDTH) == (True, True)
        assert all(one[1] < other[0] for one, other in pairwise(spans))
        assert texts[-1][1]  # the newest is always named
    assert Decimal(panel.bars[-1].x) + Decimal(panel.bars[-1].width) <= WIDTH
    assert panel.words.count(";") == many - 1  # who can't see it hears all


@pytest.mark.parametrize("values", [["1"], ["1", None], ["0", "0"], [None, None], ["1"] * 13, []])
def test_too_little_or_too_much_is_a_table_alone(values: list[str | None]) -> None:
    made = of(*values)
    assert made.panels == ()
    assert len(made.rows) == len(values)


def test_what_a_source_lacks_is_a_gap_in_the_table() -> None:
    made = of("1", None, "3")
    assert [row[1] for row in made.rows] == [(Cell("$1"),), (Cell("–"),), (Cell("$3"),)]
    assert [bar.name for bar in made.panels[0].bars] == ["FY2000", "FY2002"]


def test_series_have_a_panel_and_a_column_each() -> None:
    one = Series("ACME", (Point("FY2023", Decimal(1)), Point("FY2024", Decimal(2))))
    other = Series("OTHER", (Point("FY2024", Decimal(4)), Point("FY2025", Decimal(5))))
    made = drawn(Chart("Title", "%", (one, other)))
    assert [panel.name for panel in made.panels] == ["ACME", "OTHER"]
    assert [(label, tuple(cell.text for cell in cells)) for label, cells in made.rows] == [
        ("FY2023", ("1.0%", "–")), ("FY2024", ("2.0%", "4.0%")), ("FY2025", ("–", "5.0%")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("416161000000", "USD", "$416.2bn"), ("-1234000000", "EUR", "−€1.2bn"), ("12.34", "%", "12.3%"),
        ("-0.04", "%", "0.0%"), ("7.46", "USD/share", "$7.46"), ("-0.125", "USD/share", "−$0.125"),
        ("15115823000", "shares", "15.1bn"), ("1.428571428571428571", "times", "1.43"),
    ],
)  # fmt: skip
def test_values_are_printed_as_on_all_pages(value: str, unit: str, said: str) -> None:
    assert printed(Decimal(value), unit) == said


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("/facts/5/", "/facts/5/"), ("/citations/5/", "/citations/5/"), ("/documents/5/", ""),
        ("/documents/5/?start=1&end=2#quote", "/documents/5/?start=1&end=2"), ("", ""),
        ("https://www.sec.gov/facts/", ""),
    ],
)  # fmt: skip
def test_what_opens_beside_the_text(url: str, part: str) -> None:
    assert beside(url) == part
