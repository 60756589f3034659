"""Ratios and results of statements, as a question or finance defines them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from queries.answering import Found, Unsaid, answer
from queries.answering.asking import Asking, Definition, asking_of
from queries.answering.expressions import Joined, Named, Number, Unreadable, parsed
from tests.queries.answering.pages import statements

DPO = (
    "Based on the balance sheet and the statement of income, what is the FY2024 days payable"
    " outstanding (DPO) for Acme? DPO is defined as: 365 * (average accounts payable between FY2023"
    " and FY2024) / (FY2024 COGS + change in inventory between FY2023 and FY2024). Round your answer"
    " to two decimal places."
)


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        (DPO, "35.32"),
        ("What is Acme's FY2024 working capital ratio? Define working capital ratio as total current"
         " assets divided by total current liabilities. Round your answer to two decimal places.",
         "1.50"),
        ("What is the FY2024 inventory turnover ratio for Acme? Inventory turnover ratio is defined"
         " as: (FY2024 COGS) / (average inventory between FY2023 and FY2024). Round to two decimal"
         " places.", "6.67"),
        ("What is the FY2024 fixed asset turnover ratio for Acme? Round to two decimal places.",
         "5.00"),
        ("What is the FY2024 unadjusted EBITDA % margin for Acme? Answer in units of percents and"
         " round to one decimal place.", "20.0%"),
        ("What is the FY2022 - FY2024 3 year average of capex as a % of revenue for Acme? Answer in"
         " units of percents and round to one decimal place.", "8.5%"),
        ("What is Acme's 2 year revenue CAGR from FY2022 to FY2024 (in units of percents and round to"
         " one decimal place)?", "19.5%"),
        ("What is the FY2024 capital expenditure amount (in USD millions) for Acme?", "80 million"),
        ("What is the FY2023 interest coverage ratio for Acme?", "5.00"),
    ],
)  # fmt: skip
def test_a_ratio_is_worked_out_of_several_pages(question: str, answered: str) -> None:
    made = answer(question, statements())
    assert isinstance(made, Found), question
    assert (made.answer, made.is_supported) == (answered, True), made.text


def test_every_figure_of_it_is_cited_where_it_is_printed() -> None:
    sources = statements()
    made = answer(DPO, sources)
    assert isinstance(made, Found)
    assert made.formula == "((365 × ((50 + 70) / 2)) / (600 + (100 - 80)))"
    assert [(one.name, one.period) for one in made.operands] == [
        ("Accounts payable", "2023"), ("Accounts payable", "2024"), ("Cost of sales", "2024"),
        ("Inventories", "2024"), ("Inventories", "2023"),
    ]  # fmt: skip
    assert {one.document for one in made.places} == {0, 1}
    for place in made.places:
        assert sources[place.document].text[place.start : place.end] == place.quote


def test_the_definition_of_the_question_goes_before_that_of_finance() -> None:
    said = (
        "What is the FY2024 inventory turnover ratio for Acme? Inventory turnover ratio is defined as:"
        " FY2024 COGS / FY2024 inventory."
    )
    made = answer(said, statements())
    assert isinstance(made, Found)
    assert made.value == 6


@pytest.mark.parametrize(
    "question",
    [
        "What is Acme's FY2021 working capital ratio?",
        "What is Acme's FY2022 inventory turnover ratio?",
        "What is Acme's FY2024 dividend payout ratio?",
        "What is Acme's FY2024 magic number? The magic number is defined as: FY2024 wands / COGS.",
    ],
)
def test_without_one_of_its_figures_there_is_no_answer(question: str) -> None:
    assert isinstance(answer(question, statements()), Unsaid)


def test_instructions_are_read_off_the_question() -> None:
    assert asking_of(DPO) == Asking(
        "what is the FY2024 days payable outstanding for Acme", "", 2,
        (Definition(
            "days payable outstanding",
            "365 * (average accounts payable between FY2023 and FY2024) / (FY2024 COGS + change in"
            " inventory between FY2023 and FY2024)",
        ),),
    )  # fmt: skip
    told = asking_of("Answer in USD thousands. What was Acme's rent in 2024?")
    assert (told.question, told.scale) == ("What was Acme's rent in 2024", "thousand")


def test_formulas_are_read_by_the_usual_order() -> None:
    rent, sales = Named("rent"), Named("net sales")
    assert parsed("rent + net sales / 2") == Joined(
        "+", rent, Joined("/", sales, Number(Decimal(2)))
    )
    assert parsed("(rent minus net sales) * 365") == Joined(
        "*", Joined("-", rent, sales), Number(Decimal(365))
    )
    assert parsed("rent as a % of net sales (from the income statement)") == Joined(
        "/", rent, sales
    )
    assert parsed("non-current assets") == Named("non-current assets")


@pytest.mark.parametrize("text", ["", "rent +", "(rent", "rent)", "* rent", "a " * 400])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parsed(text)
