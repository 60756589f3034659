from __future__ import annotations

import pytest

from summaries.models import Citation, Document
from summaries.pages.evidence import passage, proof_of_citation, proof_of_fact, whole
from tests.factories import (
    make_claim,
    make_document,
    make_fact,
    make_filing,
    make_published_summary,
    make_stock,
    make_summary,
    make_text_document,
)

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\n"


def at(words: str, lines: int) -> tuple[str, str, str, int, bool, bool]:
    start = TEXT.index(words)
    found = passage(Document(text=TEXT), start, start + len(words), lines=lines)
    return (
        found.before, found.quote, found.after, found.first_line, found.is_cut_before,
        found.is_cut_after,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "lines", "expected"),
    [
        ("four", 1, ("three\n", "four", "\nfive", 3, True, True)),
        ("hre", 0, ("t", "hre", "e", 3, True, True)),
        ("one", 2, ("", "one", "\ntwo\nthree", 1, False, True)),
        ("six", 1, ("five\n", "six", "\n", 5, True, False)),
        ("four", 9, ("one\ntwo\nthree\n", "four", "\nfive\nsix\n", 1, False, False)),
        ("two\nthree", 1, ("one\n", "two\nthree", "\nfour", 1, False, True)),
    ],
)
def test_passage(words: str, lines: int, expected: tuple[str, str, str, int, bool, bool]) -> None:
    assert at(words, lines) == expected


def test_whole_document_without_a_span_marks_nothing() -> None:
    found = whole(Document(text=TEXT), 0, 0)
    assert (found.before, found.quote, found.after) == ("", "", TEXT)


def test_offsets_are_code_points() -> None:
    text = "€𝟙\nrevenue €5\n"
    start = text.index("€5")
    assert passage(Document(text=text), start, start + 2).quote == "€5"


@pytest.mark.django_db
def test_proof_of_a_citation_shows_the_very_quote() -> None:
    summary = make_published_summary()
    citation = Citation.objects.filter(claim__summary=summary).first()
    assert citation
    proof = proof_of_citation(citation)
    assert proof.passage
    assert proof.passage.quote == citation.quote
    assert proof.filing == summary.stock.filings.get()
    assert not proof.moved


@pytest.mark.django_db
def test_a_quote_that_stands_elsewhere_is_said_to() -> None:
    document = make_text_document("First.\nMargin 5%.\n")
    claim = make_claim(make_summary(make_stock()), "The margin is 5%.")
    citation = Citation.objects.create(
        claim=claim, position=0, document=document, start=0, end=6, quote="Margin 5%.",
        claim_start=14, claim_end=16,
    )  # fmt: skip
    proof = proof_of_citation(citation)
    assert proof.moved
    assert proof.passage
    assert proof.passage.quote == "Margin 5%."


@pytest.mark.django_db
def test_a_quote_that_stands_nowhere_has_no_passage() -> None:
    document = make_text_document("First.\n")
    claim = make_claim(make_summary(make_stock()), "The margin is 5%.")
    citation = Citation.objects.create(
        claim=claim, position=0, document=document, start=0, end=6, quote="Margin 5%.",
        claim_start=14, claim_end=16,
    )  # fmt: skip
    assert proof_of_citation(citation).passage is None


@pytest.mark.django_db
def test_proof_of_a_fact_is_its_line() -> None:
    filing = make_filing(make_stock())
    fact = make_fact(filing)
    assert proof_of_fact(fact).passage is None
    make_document(filing)
    found = proof_of_fact(fact).passage
    assert found
    assert found.quote == (
        "Revenue [us-gaap:Revenues], 1 January 2024 to 31 December 2024: 1,234,000,000 USD"
    )
