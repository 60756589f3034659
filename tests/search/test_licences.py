"""A note's words are its licence's: no passage, count, weight or rank tells others of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from summaries.models import Stock, TermFrequency
from summaries.passages import activate, add_model, fill_embeddings, index_document
from summaries.passages.frequencies import free_chunks, refresh
from summaries.search import EVERYBODY, Passage, Query, search
from tests.factories import make_user
from tests.search.corpus import HASHING, active_model, indexed, make_note, make_plan

FREE = ("Revenue grew in 2023.", "Margins fell with costs.", "The dividend was cut.")
SECRET = "We fear a zeppelin lawsuit over revenue and margins."
QUESTIONS = ("revenue", "zeppelin lawsuit", "margins and the dividend", "which costs were cut")


def answers(**asked: Any) -> list[tuple[Passage, ...]]:
    return [search(Query(text, embedder=HASHING, **asked)) for text in QUESTIONS]


@pytest.mark.django_db
@pytest.mark.parametrize("with_vectors", [False, True])
def test_answers_of_others_are_the_same_with_and_without_notes(
    stock: Stock, other: Stock, with_vectors: bool
) -> None:
    for number, text in enumerate(FREE):
        indexed(text, name=f"page {number}", stock=stock)
    refresh()
    if with_vectors:
        active_model()
    asked: tuple[dict[str, Any], ...] = ({}, {"stocks": (stock,)}, {"reader": AnonymousUser()})
    before = [answers(**one) for one in asked]
    counted = dict(TermFrequency.objects.values_list("lexeme", "chunks"))
    for number in range(5):
        note = make_note(
            f"{SECRET} {number}", make_plan(f"p{number}"), stock, other, source_id=f"n{number}"
        )
        index_document(note)
    refresh()
    if with_vectors:
        active_model()
    assert [answers(**one) for one in asked] == before
    assert dict(TermFrequency.objects.values_list("lexeme", "chunks")) == counted
    assert free_chunks() == len(FREE)


@pytest.mark.django_db
def test_note_is_found_by_those_who_hold_its_licence_and_no_others(stock: Stock) -> None:
    plan, foreign = make_plan("mine"), make_plan("other")
    note = make_note(SECRET, plan, stock)
    index_document(note)
    active_model()
    member, outsider, chief = make_user("m"), make_user("o"), make_user("c", is_superuser=True)
    plan.members.add(member)
    foreign.members.add(outsider)

    def found(reader: Any, *stocks: Stock) -> list[int]:
        query = Query("zeppelin", stocks, reader=reader, embedder=HASHING)
        return [passage.document_id for passage in search(query)]

    for stocks in ((), (stock,)):
        assert found(member, *stocks) == found([plan.pk], *stocks) == [note.pk]
        for reader in (EVERYBODY, outsider, chief, AnonymousUser(), [foreign.pk]):
            assert found(reader, *stocks) == []
    member.is_active = False
    member.save()
    assert found(member) == []


@pytest.mark.django_db
def test_note_is_found_for_every_company_that_it_speaks_of(stock: Stock, other: Stock) -> None:
    plan = make_plan()
    note = make_note(SECRET, plan, stock, other)
    index_document(note)
    for one in (stock, other):
        (passage,) = search(Query("zeppelin", (one,), reader=[plan.pk]))
        assert (passage.document_id, passage.ticker) == (note.pk, "ACME")


@pytest.mark.django_db
def test_licence_counts_before_anybody_copies_it(stock: Stock) -> None:
    """A document that comes under a licence after it was indexed as free."""
    document = indexed(SECRET, stock=stock)
    active_model()
    document.plan = make_plan()
    document.save()
    for stocks in ((), (stock,)):
        assert search(Query("zeppelin", stocks, embedder=HASHING)) == ()


@pytest.mark.django_db(transaction=True)
def test_free_and_licensed_vectors_have_indexes_of_their_own() -> None:
    from tests.factories import make_stock

    stock, plan = make_stock(), make_plan()
    free = indexed(FREE[0], stock=stock)
    note = make_note(SECRET, plan, stock)
    index_document(note)
    model = add_model(HASHING.model)
    fill_embeddings(model, 100, embedder=HASHING, cache=None)
    activate(model)
    held = search(Query("revenue", reader=[plan.pk], embedder=HASHING))
    assert {passage.document_id for passage in held} == {free.pk, note.pk}
    assert all(passage.dense_rank for passage in held)
    (alone,) = search(Query("revenue", embedder=HASHING))
    assert (alone.document_id, alone.dense_rank) == (free.pk, 1)
