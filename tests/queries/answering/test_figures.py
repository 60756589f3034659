"""Questions for one figure of tables and sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.answering import Found, Unsaid, answer
from summaries.verification.documents.sources import source_of
from tests.queries.answering.pages import PAINTS, notes, paints


def told(question: str) -> tuple[str, str, str]:
    """Value, scale and unit, of what is supported."""
    made = answer(question, (paints(), notes()))
    assert isinstance(made, Found), question
    assert made.is_supported, made.text
    assert made.value is not None
    return f"{made.value.normalize():f}", made.scale, made.unit


@pytest.mark.parametrize(
    ("question", "value", "scale"),
    [
        ("What were paint sales in 2024?", "700", "million"),
        ("What was rent expense in 2023?", "50", "million"),
        ("What was the effective tax rate in 2022?", "25", "percent"),
        ("What was the change in glue sales from 2023 to 2024?", "-25", "million"),
        ("How much did paint sales increase from 2023 to 2024?", "200", "million"),
        ("By how much did glue sales decrease from 2023 to 2024?", "25", "million"),
        ("What was the percentage change in paint sales between 2023 and 2024?", "40", "percent"),
        ("What was the increase in paint sales from 2023 to 2024 in percent?", "40", "percent"),
        ("What was the change in the effective tax rate from 2023 to 2024?", "-3.5", "percent"),
        ("What was the average glue sales for 2023 and 2024?", "112.5", "million"),
        ("What is the average paint sales over the 3 years from 2022 to 2024?", "533.33", "million"),
        ("What is the sum of paint sales and glue sales in 2023?", "625", "million"),
        ("What was the difference between paint sales and glue sales in 2022?", "300", "million"),
        ("What is the ratio of paint sales to glue sales in 2023?", "4", ""),
        ("What percentage of total sales is paint sales in 2024?", "87.5", "percent"),
        ("In 2024, what were glue sales?", "100", "million"),
        ("What were paint sales in 2024 in USD thousands?", "700000", "thousand"),
        (
            "As of December 31, 2024, what was the unrecognized compensation cost related to brush"
            " options?", "1.5", "billion",
        ),
        ("What were warranty provisions in 2023?", "8.4", "million"),
    ],
)  # fmt: skip
def test_a_figure_is_told_in_its_scale(question: str, value: str, scale: str) -> None:
    assert told(question)[:2] == (value, scale)


@pytest.mark.parametrize(
    "question",
    [
        "What were varnish sales in 2024?",
        "What were paint sales in 2019?",
        "What were paint sales in Canada in 2024?",
        "What were paint sales?",
        "What was the percentage change in the result of the brush business from 2023 to 2024?",
        "What was the percentage change in the effective tax rate from 2023 to 2024?",
        "What were warehouse leases in 2025?",
        "What is the average of paint sales from 2019 to 2024?",
        "Should I buy Acme?",
        "What is blue paint used for?",
        "?" * 20_000,
        "what is " * 2_500,
    ],
)
def test_what_is_not_said_or_not_clear_is_declined(question: str) -> None:
    assert isinstance(answer(question, (paints(), notes())), Unsaid), question


def test_what_is_close_is_shown_with_it() -> None:
    made = answer("What was the demand for blue paint in Canada?", (notes(),))
    assert isinstance(made, Unsaid)
    assert any("blue paint" in one.quote for one in made.close)


def test_a_table_without_its_scale_is_no_answer_where_the_text_counts_in_millions() -> None:
    rows = [["", "2024", "2023"], ["Paint sales", "7,000", "5,000"], ["Glue sales", "900", "800"]]
    bare = answer("What was the change in paint sales from 2023 to 2024?", (source_of("", rows),))
    assert isinstance(bare, Found)
    assert (bare.value, bare.scale) == (Decimal(2000), "")
    text = "The warehouse cost us $4 million."
    made = answer("What was the change in paint sales from 2023 to 2024?", (source_of(text, rows),))
    assert isinstance(made, Unsaid)


def test_a_word_that_only_another_line_has_is_not_passed_over() -> None:
    rows = [["", "2024"], ["State taxes", "$4"], ["Federal taxes", "9"], ["Other", "2"]]
    made = answer("What were the federal state taxes in 2024?", (source_of("", rows),))
    assert isinstance(made, Unsaid)


def test_revenue_is_not_its_cost_nor_the_end_of_a_column_of_shares() -> None:
    rows = [["", "2024", "2023"], ["Cost of revenue", "$7", "$5"], ["Total", "100%", "100%"]]
    asked = ("What was the change in revenue from 2023 to 2024?", "What was the total in 2024?")
    assert all(isinstance(answer(one, (source_of("", rows),)), Unsaid) for one in asked)


def test_an_answer_names_its_operands_and_their_cells() -> None:
    made = answer("What was the change in glue sales from 2023 to 2024?", (notes(), paints()))
    assert isinstance(made, Found)
    assert made.text == "The change in glue sales from 2023 to 2024 was -25 million."
    assert made.formula == "100 - 125"
    assert [(one.name, one.period, one.value) for one in made.operands] == [
        ("Glue sales", "2024", Decimal(100_000_000)), ("Glue sales", "2023", Decimal(125_000_000)),
    ]  # fmt: skip
    assert [(one.document, one.row, one.column) for one in made.places] == [(1, 2, 1), (1, 2, 2)]
    assert [PAINTS[one.row][one.column] for one in made.places] == ["100", "125"]


def test_a_sentence_is_cited_where_it_stands() -> None:
    sources = (paints(), notes())
    made = answer("What were warranty provisions in 2023?", sources)
    assert isinstance(made, Found)
    (place,) = made.places
    assert sources[place.document].text[place.start : place.end] == place.quote
    assert "$8.4 million" in place.quote


@given(st.integers(1, 10**6), st.integers(1, 10**6))
@settings(deadline=None, max_examples=20)
def test_changes_are_exact(before: int, after: int) -> None:
    rows = [["(in thousands)", "2024", "2023"], ["Paint sales", f"{after:,}", f"{before:,}"]]
    source = source_of("", rows)
    gap = answer("What was the change in paint sales from 2023 to 2024?", (source,))
    rate = answer("What was the percentage change in paint sales from 2023 to 2024?", (source,))
    assert isinstance(gap, Found)
    assert isinstance(rate, Found)
    assert (gap.value, gap.scale, gap.is_supported) == (
        Decimal(after - before), "thousand", True,
    )  # fmt: skip
    assert rate.value is not None
    assert abs(rate.value - 100 * Decimal(after - before) / before) <= Decimal("0.005")
