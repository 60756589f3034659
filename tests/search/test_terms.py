"""Words of texts and questions: lexemes, weights, and what holds of any text."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summaries.models import TermFrequency
from summaries.passages.terms import normal, place, quoted, sparse, tsvector, weights, words
from summaries.search.wording import CANDIDATES, Candidates, Wording, read

pytestmark = pytest.mark.django_db
ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200)
LOOSE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("FY2019", "2019"),
        ("FY 19", "2019"),
        ("fy'22", "2022"),
        ("Apple's", "Apple"),
        ("Apple’s", "Apple"),
        ("$1,234,567", "$1234567"),
        ("2018-2019", "2018 2019"),
        ("and/or", "and or"),
        ("long-term", "long-term"),
        ("1,23", "1,23"),
    ],
)
def test_spelling_that_is_compared(text: str, same: str) -> None:
    assert normal(text) == same


def test_words_are_stemmed_and_placed_without_stop_words() -> None:
    (said,) = words(["The operating incomes of 2019"])
    assert said.placed == ((2, "oper"), (3, "incom"), (5, "2019"))
    assert said.pairs() == [("oper", "incom"), ("incom", "2019")]


def test_words_two_apart_are_no_pair() -> None:
    (said,) = words(["income of the year"])
    assert said.placed == ((1, "incom"), (4, "year"))
    assert said.pairs() == []


@LOOSE
@given(ANY_TEXT)
def test_any_text_round_trips_through_the_database(text: str) -> None:
    (said,) = words([text])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::tsvector = strip(to_tsvector('english', %s)), %s::sparsevec IS NOT NULL",
            [tsvector(said.lexemes), normal(text), sparse(weights(said))],
        )
        assert cursor.fetchone() == (True, True)


@LOOSE
@given(ANY_TEXT)
def test_any_question_gives_a_tsquery(text: str) -> None:
    wording = read(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsquery IS NOT NULL", [wording.candidates.tsquery])
        assert cursor.fetchone() == (True,)


def test_inner_product_is_bm25() -> None:
    (said,) = words(["cash cash flow"])
    held = weights(said)
    length_norm = 0.9 * (1 - 0.6 + 0.6 * 3 / 100)
    assert held[place("cash")] == pytest.approx(2 * 1.9 / (2 + length_norm))
    assert held[place("flow")] == pytest.approx(1 * 1.9 / (1 + length_norm))
    assert set(held) == {place(term) for term in ("cash", "flow", "cash cash", "cash flow")}


def test_quotes_and_backslashes_are_only_letters() -> None:
    lexeme = "it's \\ & | !"
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [quoted(lexeme), quoted(lexeme)])
        assert cursor.fetchone() == (True,)


def test_abbreviations_are_spelled_out() -> None:
    assert {"pp", "e", "properti", "plant", "equip"} <= read("PP&E").said.lexemes
    assert {"capex", "capit", "expenditur"} <= read("What was capex?").said.lexemes


def _wording(**chunks: int) -> Wording:
    total = chunks.pop("total")
    said = words([" ".join(chunks)])[0]
    return Wording(said, dict.fromkeys(chunks, 1.0), chunks, total)


def test_candidates_are_rare_words_and_common_ones_together() -> None:
    wording = _wording(total=100_000, alpha=50, beta=5000, gamma=4000)
    query = wording.candidates.tsquery
    assert query.startswith("('alpha')")
    assert "'gamma' & 'beta'" in query
    assert "('beta')" not in query


def test_of_a_small_corpus_every_word_is_a_candidate() -> None:
    wording = _wording(total=CANDIDATES // 2, alpha=1, beta=400)
    assert wording.candidates.tsquery == "('alpha') | ('beta')"


def test_words_weigh_by_how_few_passages_hold_them() -> None:
    TermFrequency.objects.create(lexeme="", chunks=100)
    TermFrequency.objects.create(lexeme="revenu", chunks=90)
    wording = read("revenue zeppelin")
    assert wording.idf["zeppelin"] > 10 * wording.idf["revenu"] > 0


def test_single_common_word_is_looked_for_in_some_passages() -> None:
    assert _wording(total=100_000, alpha=50_000).candidates == Candidates("('alpha')", True)
    assert not _wording(total=100_000, alpha=50_000, beta=10).candidates.is_too_many
    many = _wording(total=100_000, alpha=90_000, beta=90_000).candidates
    assert many == Candidates("('alpha' & 'beta')", True)
