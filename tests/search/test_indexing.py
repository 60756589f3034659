"""Documents to passages: once, whole, in line with versions and withdrawals."""

from __future__ import annotations

import hashlib
import threading
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from summaries.filings.reading import Section
from summaries.models import (
    Chunk,
    Document,
    Embedding,
    IndexedDocument,
    PendingEmbedding,
    Stock,
    TermVector,
)
from summaries.models import Section as SectionRow
from summaries.passages import Indexed, add_model, drop_passages, index_document, index_statements
from summaries.passages.parts import parts
from summaries.passages.stored import due
from summaries.passages.versions import Version, holdings
from tests.factories import make_document, make_fact, make_filing
from tests.search.corpus import HASHING, active_model, day, indexed, make_note, make_page, make_plan

LONG = " ".join(f"Sentence {n} says that revenue of part {n} grew 😀 by {n} %." for n in range(400))


@pytest.mark.django_db
def test_passages_are_spans_of_the_text_in_code_points() -> None:
    document = make_page(f"𝔸 first line\n{LONG}")
    done = index_document(document, [Section("7", "MD&A", "Item 7", 0, len(document.text))])
    chunks = list(document.chunks.all())
    assert done == Indexed(len(chunks), unchanged=False)
    assert len(chunks) > 10
    for position, chunk in enumerate(chunks):
        assert chunk.position == position
        assert chunk.text == document.text[chunk.start : chunk.end]
        assert chunk.item == "7"
        made_of = f"{chunk.heading}\n{chunk.text}".encode()
        assert chunk.sha256 == hashlib.sha256(made_of).hexdigest()
    assert TermVector.objects.count() == len(chunks)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT bool_and(chunk.text = substr(document_text.text, start + 1, chunk."end" - start))'
            " FROM summaries_chunk AS chunk,"
            " (SELECT text FROM summaries_document WHERE id = %s) AS document_text",
            [document.pk],
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db
def test_unchanged_document_is_left_alone() -> None:
    document = indexed(LONG)
    keys = set(document.chunks.values_list("pk", flat=True))
    assert index_document(document) == Indexed(len(keys), unchanged=True)
    assert set(document.chunks.values_list("pk", flat=True)) == keys


@pytest.mark.django_db
def test_other_sections_make_other_passages() -> None:
    document = indexed(LONG)
    cut = len(LONG) // 2
    sections = [Section("1", "Business", "", 0, cut), Section("7", "MD&A", "", cut, len(LONG))]
    assert not index_document(document, sections).unchanged
    assert set(document.chunks.values_list("item", flat=True)) == {"1", "7"}


@pytest.mark.django_db
def test_stored_parts_are_those_that_were_read() -> None:
    document = make_page(LONG)
    read = [Section("1", "Business", "Item 1", 0, len(LONG))]
    SectionRow.objects.create(
        document=document, position=0, item="1", name="Business", title="Item 1",
        start=0, end=len(LONG),
    )  # fmt: skip
    index_document(document, read)
    assert index_document(document, *parts(document)).unchanged


@pytest.mark.django_db
def test_corrected_columns_are_copied_without_cutting() -> None:
    document = indexed(LONG)
    active_model()
    plan = make_plan()
    document.plan, document.public_at = plan, day(3)
    document.save()
    assert index_document(document).unchanged
    assert set(document.chunks.values_list("plan", "public_at")) == {(plan.pk, day(3))}
    assert set(Embedding.objects.values_list("plan", flat=True)) == {plan.pk}


@pytest.mark.django_db
def test_withdrawn_document_loses_passages_words_and_vectors() -> None:
    document = indexed(LONG)
    add_model(HASHING.model)
    active_model()
    document.withdrawn_at = day(1)
    document.save()
    assert index_document(document) == Indexed(0, unchanged=True)
    tables = (Chunk, TermVector, Embedding, PendingEmbedding, IndexedDocument)
    assert [table.objects.count() for table in tables] == [0] * 5


@pytest.mark.django_db
def test_replaced_version_keeps_its_time_and_loses_the_present(stock: Stock) -> None:
    plan = make_plan()
    old = make_note("Buy at ten.", plan, stock, public=0)
    index_document(old)
    Document.objects.update(is_current=False)
    new = make_note("Sell at nine.", plan, stock, public=5, version=2)
    index_document(new)
    drop_passages(old)
    assert dict(IndexedDocument.objects.values_list("document", "until")) == {
        old.pk: day(5),
        new.pk: None,
    }


@pytest.mark.django_db
def test_version_that_was_never_the_newest_public_one_has_no_passages(stock: Stock) -> None:
    """A statement rendered anew is public since the same filing."""
    filing = make_filing(stock)
    make_fact(filing)
    old = make_document(filing)
    index_document(old)
    make_fact(filing, 5, concept="us-gaap:NetIncomeLoss")
    Document.objects.update(is_current=False)
    new = make_document(filing)
    index_document(new)
    assert set(Chunk.objects.values_list("document", flat=True)) == {new.pk}


@pytest.mark.django_db
def test_statements_are_indexed_once(stock: Stock) -> None:
    for year in (2023, 2024):
        filing = make_filing(stock, year=year, accession=f"0000001750-{year - 2000}-000001")
        make_fact(filing)
        make_document(filing)
    assert index_statements() == 2
    assert index_statements() == 0
    assert not due().exists()


@pytest.mark.django_db
def test_what_was_withdrawn_behind_our_back_is_due(stock: Stock) -> None:
    document = make_note("Buy.", make_plan(), stock)
    index_document(document)
    assert not due().exists()
    Document.objects.update(withdrawn_at=day(2))
    assert list(due()) == [document]


@pytest.mark.django_db(transaction=True)
def test_two_indexers_on_one_document_make_it_once() -> None:
    document = make_page(LONG)
    gate, done, failed = threading.Barrier(4), [], []

    def index() -> None:
        try:
            gate.wait(10)
            done.append(index_document(Document.objects.get(pk=document.pk)))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=index) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert sorted(one.unchanged for one in done) == [False, True, True, True]
    assert len({one.chunks for one in done}) == 1
    assert Chunk.objects.count() == TermVector.objects.count() == done[0].chunks


@pytest.mark.django_db
@pytest.mark.parametrize("chunks", [1, 3])
def test_indexing_takes_as_many_queries_whatever_the_size(
    chunks: int, django_assert_num_queries: Any
) -> None:
    document = make_page(LONG[: 900 * chunks])
    with django_assert_num_queries(16):
        index_document(document)


DAYS = st.integers(0, 9)
VERSIONS = st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=6)


@given(VERSIONS, st.booleans())
def test_holdings_follow_each_other_without_overlap(
    told: list[tuple[int, bool]], has_current: bool
) -> None:
    last = len(told) - 1
    versions = [
        Version(pk, day(public), has_current and pk == last, day(99) if withdrawn else None)
        for pk, (public, withdrawn) in enumerate(told)
    ]
    held = holdings(versions)
    spans = sorted((versions[pk].public_at, one.until or day(10**4)) for pk, one in held.items())
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert not any(versions[pk].withdrawn_at for pk in held)
