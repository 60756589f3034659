"""The pack of a stock as the database holds it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from summaries import books
from summaries.authoring import pack_of
from summaries.authoring.evidence import Pack
from summaries.authoring.places import places_of
from summaries.authoring.quoting import quoted
from summaries.models import Document, Fact, Stock
from summaries.statements import ensure_documents, passages
from tests import factories
from tests.factories import filing_html, make_filing_document, make_plan

TEXT = """
<p><b>Item 7. Management's Discussion and Analysis</b></p>
<p>Results of operations. Revenue rose because customers bought more of our pumps, and margins
held as the cost of steel fell from the year before. Demand from water utilities was the main
reason, and cash flow from operations followed.</p>
<p><b>Item 8. Financial Statements</b></p><p>See the notes.</p>
"""
LICENSED = "Results of operations: we think revenue and margins will beat; demand is a secret."


def packed(stock: Stock) -> Pack:
    return pack_of(stock, books.fact_book(stock), None, None)


@pytest.fixture
def acme(db: None) -> Stock:
    stock = factories.make_stock()
    for year, value in ((2023, 1_100_000_000), (2024, 1_234_000_000)):
        filing = factories.make_filing(
            stock, year=year, accession=f"0000001750-{(year + 1) % 100:02}-000001"
        )
        factories.make_fact(filing, value)
        factories.make_fact(filing, value // 10, concept="us-gaap:NetIncomeLoss")
        factories.make_fact(filing, value // 5, concept="us-gaap:Assets", start=None)
    return stock


def test_every_line_of_a_fact_is_a_span_of_its_document(apple: Stock) -> None:
    pack = packed(apple)
    assert len(pack.places) > 150
    texts = dict(Document.objects.values_list("pk", "text"))
    for source in pack.sources.values():
        if source.place is None:
            continue
        place = source.place
        assert texts[place.document_id][place.start : place.end] == place.quote
        for cited in quoted(pack, source.id, source.text):
            assert texts[cited.document_id][cited.start : cited.end] == cited.quote


def test_places_are_those_that_rendering_gives(apple: Stock) -> None:
    ensure_documents(apple)
    facts = set(Fact.objects.filter(stock=apple).values_list("pk", flat=True)[:400])
    known = passages(apple, facts)
    assert places_of(list(known)) == known


def test_a_fact_that_its_document_does_not_hold_has_no_place(acme: Stock) -> None:
    ensure_documents(acme)
    fact = Fact.objects.filter(stock=acme).first()
    assert fact is not None
    fact.value += 1
    fact.save()
    with pytest.raises(LookupError, match="as it now is"):
        places_of([fact.pk])


def test_a_filings_own_words_are_shown_and_a_licensed_note_never(acme: Stock) -> None:
    filing = acme.filings.get(period_end=date(2024, 12, 31))
    document = make_filing_document(filing, filing_html(TEXT))
    factories.make_note(acme, make_plan(), text=LICENSED)
    pack = packed(acme)
    extracts = [one for one in pack.sources.values() if one.id.startswith("P")]
    assert any("customers bought more of our pumps" in one.text for one in extracts)
    assert {one.place.document_id for one in extracts if one.place} == {document.pk}
    assert "a secret" not in pack.text


def test_a_stock_without_filings_has_no_extracts(acme: Stock) -> None:
    assert "[P1]" not in packed(acme).text


def test_as_many_queries_for_many_filings_as_for_few(acme: Stock, apple: Stock) -> None:
    counts = []
    for stock in (acme, apple):
        packed(stock)
        with CaptureQueriesContext(connection) as told:
            packed(stock)
        counts.append(len(told))
    assert counts[0] == counts[1]
