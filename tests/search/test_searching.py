"""The one function: what it gives back, what narrows it, and what it survives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from llm.embedding import EmbeddingUnavailable, Model
from summaries.models import Document, Stock, TermFrequency
from summaries.passages import index_document
from summaries.passages.frequencies import refresh
from summaries.search import Passage, Query, Ranking, search
from summaries.search.fusion import PLAIN, Found, fuse, prior
from tests.factories import make_document, make_fact, make_filing, make_stock
from tests.search.corpus import HASHING, active_model, day, digest, indexed, make_page

TEXT = "𝔸 Revenue of 2023 was 5 million 😀.\nOperating income fell."


@pytest.mark.django_db
def test_passage_says_where_it_stands(stock: Stock) -> None:
    document = indexed(TEXT, stock=stock)
    refresh()
    active_model()
    (passage,) = search(Query("revenue in FY2023", embedder=HASHING))
    assert passage.quote == TEXT == document.text[passage.start : passage.end]
    assert (passage.lexical_rank, passage.dense_rank) == (1, 1)
    assert (passage.ticker, passage.kind, passage.public_at) == ("ACME", "sector", day(0))
    assert passage.url == f"/documents/{document.pk}/?start=0&end={len(TEXT)}#quote"
    assert 0 < passage.score < 1


@pytest.mark.django_db
def test_narrowing(stock: Stock, other: Stock) -> None:
    filing = make_filing(stock)
    make_fact(filing)
    statements = make_document(filing)
    index_document(statements)
    ours = indexed("Revenue of ours.", stock=stock, name="ours", public=5)
    theirs = indexed("Revenue of theirs.", stock=other, name="theirs", public=9)

    def found(**narrowed: Any) -> set[int]:
        return {one.document_id for one in search(Query("revenue", **narrowed))}

    assert found() == {statements.pk, ours.pk, theirs.pk}
    assert found(stocks=(stock,)) == {statements.pk, ours.pk}
    assert found(stocks=(stock, other)) == {statements.pk, ours.pk, theirs.pk}
    assert found(kinds=("statements",)) == {statements.pk}
    assert found(forms=("10-K",)) == {statements.pk}
    assert found(forms=("10-K",), stocks=(stock,)) == {statements.pk}
    assert found(forms=("10-Q",)) == set()
    assert found(since=day(5), until=day(8)) == {ours.pk}
    assert found(as_of=day(8)) == {ours.pk}
    assert len(search(Query("revenue", k=1))) == 1


HOSTILE = (
    "", "   ", "\0", "the", "the of and", "revenue", "a & | ! <-> :* ( ) '", "'; DROP TABLE x; --",
    "revenue\0growth", "\ud800 revenue", "%s %(x)s {} \\", "x" * 10_000, "revenue " * 2_000,
    " ".join(f"word{n}" for n in range(2_000)), "'", "\\", "''\\''", "😀", "revenue:*AB & !cost",
    "and/or", "10-K 10-Q http://a.b/c?d=e&f=g user@host.com 1.2e10 -5",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("by_stock", [False, True])
def test_any_question_is_fine(stock: Stock, text: str, by_stock: bool) -> None:
    indexed(TEXT, stock=stock)
    active_model()
    found = search(Query(text, (stock,) if by_stock else (), embedder=HASHING))
    assert bool(found) == bool(text.replace("\0", "").strip())


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_any_text_is_fine_without_vectors_too(text: str) -> None:
    if not Document.objects.exists():
        indexed(TEXT)
    assert len(search(Query(text))) <= 1


@pytest.mark.django_db
@pytest.mark.parametrize("stocks", [1, 3])
def test_queries_are_as_many_whatever_is_found(stocks: int, django_assert_num_queries: Any) -> None:
    asked = tuple(make_stock(f"S{number}") for number in range(stocks))
    for one in asked:
        indexed(TEXT, stock=one)
    active_model()
    with django_assert_num_queries(4):
        assert len(search(Query("revenue", asked, embedder=HASHING))) == stocks
    with django_assert_num_queries(4):
        assert len(search(Query("revenue", embedder=HASHING))) == stocks


class Down:
    """A provider that is away, under the active model's name."""

    model = HASHING.model

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise EmbeddingUnavailable("Too many requests.")

    def query(self, text: str) -> NDArray[np.float32]:
        raise EmbeddingUnavailable("Too many requests.")


class Foreign(Down):
    model = Model("other", "other", 384, 256)


@pytest.mark.django_db
@pytest.mark.parametrize("embedder", [Down(), Foreign()])
def test_words_alone_where_the_question_has_no_vector(embedder: Any) -> None:
    indexed(TEXT)
    active_model()
    (passage,) = search(Query("revenue", embedder=embedder))
    assert (passage.lexical_rank, passage.dense_rank) == (1, None)


@pytest.mark.django_db
def test_reranker_orders_and_drops_but_adds_nothing() -> None:
    for number in range(4):
        indexed(f"Revenue {'grew ' * number}.", name=f"page {number}")

    class Backwards:
        def rerank(self, text: str, passages: Sequence[Passage]) -> Sequence[Passage]:
            assert text == "revenue"
            return [*passages[::-1], foreign]

    (foreign,) = search(Query("grew", k=1))
    plain = search(Query("revenue", k=4))
    other = search(Query("revenue", k=4), reranker=Backwards())
    assert other == plain[::-1]


@pytest.mark.parametrize("k", [0, -1, 101])
def test_unreasonable_numbers_are_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"k is {k}: ask for 1 to 100"):
        Query("revenue", k=k)


@pytest.mark.django_db
def test_newer_passages_come_first_of_equals() -> None:
    old = indexed("Revenue grew.", name="old")
    new = indexed("Revenue grew.", name="new", public=600)

    def found(ranking: Ranking) -> list[int]:
        return [one.document_id for one in search(Query("revenue", ranking=ranking))]

    assert found(Ranking(recency=0.2)) == [new.pk, old.pk]
    assert found(PLAIN) == [old.pk, new.pk]


def test_time_and_place_count_for_little() -> None:
    told: dict[str, Any] = {"newest": day(730), "ranking": Ranking(), "kind": "filing"}
    assert prior(public_at=day(730), item="", **told) == pytest.approx(0.04)
    assert prior(public_at=day(0), item="", **told) == pytest.approx(0.02)
    assert prior(public_at=day(0), item="7", **told) == pytest.approx(0.05)
    assert prior(public_at=day(0), item="15", **told) == pytest.approx(-0.03)
    assert prior(public_at=day(0), item="7", **{**told, "kind": "research"}) == pytest.approx(0.02)


def test_words_are_trusted_as_far_as_they_were_found() -> None:
    found = [Found(0, 1.0)], [Found(1, 1.0)]
    ranking = replace(PLAIN, dense_least=0.2, dense_most=0.6)
    assert fuse(*found, share=1.0, ranking=ranking)[0].chunk_id == 0
    assert fuse(*found, share=0.0, ranking=ranking)[0].chunk_id == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["revenue", "revenue growth", "revenue zeppelin"])
def test_common_words_are_found_too(text: str) -> None:
    document = indexed("Revenue growth was seen from a zeppelin.")
    for lexeme, chunks in {"": 100_000, "revenu": 90_000, "growth": 80_000}.items():
        TermFrequency.objects.create(lexeme=lexeme, chunks=chunks)
    assert [one.document_id for one in search(Query(text))] == [document.pk]


@pytest.mark.django_db
def test_same_words_elsewhere_in_the_database_do_not_leak_into_a_stock(
    stock: Stock, other: Stock
) -> None:
    indexed("Revenue.", stock=other, name="theirs")
    page = make_page("Costs.", stock=stock, name="ours")
    index_document(page)
    assert page.sha256 == digest("Costs.")
    assert search(Query("revenue", (stock,))) == ()
