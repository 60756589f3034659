"""Years, counts of years, several figures at once, and words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from queries.answering import Found, Unsaid, answer
from tests.queries.answering.pages import notes, paints


@pytest.mark.parametrize(
    ("question", "parts", "text"),
    [
        ("In which year were paint sales the highest?", ("2024",),
         "The paint sales was highest in 2024."),
        ("Which year had the lowest total sales?", ("2022",),
         "The total sales was lowest in 2022."),
        ("In which years were glue sales less than $110 million?", ("2024", "2022"),
         "The glue sales in 2024 and 2022 was 100 million and 100 million, respectively."),
        ("What were the paint sales in 2024 and 2022, respectively?", ("700", "400"),
         "The paint sales in 2024 and 2022 were $700 million and $400 million, respectively."),
    ],
)  # fmt: skip
def test_years_and_rows_of_figures(question: str, parts: tuple[str, ...], text: str) -> None:
    made = answer(question, (paints(),))
    assert isinstance(made, Found), question
    assert (made.parts, made.text, made.is_supported) == (parts, text, True)


def test_years_are_counted() -> None:
    made = answer("How many years did paint sales exceed $450 million?", (paints(),))
    assert isinstance(made, Found)
    assert (made.value, made.is_supported) == (Decimal(2), True)


@pytest.mark.parametrize(
    "question",
    [
        "In which year were glue sales the lowest?",  # in two
        "In which year was the result of the brush business the highest?",  # a loss among gains
        "How many years did varnish sales exceed $450 million?",
        "How many years did paint sales exceed 450?",  # of what?
        "What were the paint sales in 2024 and 2019, respectively?",
    ],
)
def test_what_is_not_plain_is_declined(question: str) -> None:
    assert isinstance(answer(question, (paints(),)), Unsaid)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why did paint sales increase in 2024?", "higher demand for blue paint"),
        ("What does other income consist of?", "gains on the sale of ladders"),
    ],
)
def test_the_words_that_say_it_are_cited(question: str, words: str) -> None:
    source = notes()
    made = answer(question, (source,))
    assert isinstance(made, Found)
    assert (made.answer, made.is_supported) == (words, True)
    (place,) = made.places
    assert source.text[place.start : place.end] == words


@pytest.mark.parametrize(
    "question",
    ["Why did paint sales decrease in 2024?", "What does other equity consist of?"],
)
def test_no_words_of_another_thing(question: str) -> None:
    assert isinstance(answer(question, (notes(),)), Unsaid)
