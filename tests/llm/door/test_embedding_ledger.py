"""What hosted embedders cost stands on the ledger, a row a request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import llm
from costs.errors import OverBudget, Unpriced
from costs.models import Budget, Price
from llm.embedding import EmbeddingRefused, EmbeddingUnavailable, embedder
from llm.embedding import hosted as hosted_embedder
from llm.values import Purpose
from tests.llm.door.asks import is_balanced, ledger_usd, rows
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket

PURPOSE = Purpose(agent="searcher", category="queries", query="q-1")


@pytest.fixture
def hosted(site: ModelSite, settings: Any) -> ModelSite:
    settings.EMBEDDER = "openai/text-embedding-3-small"
    return site


def test_texts_are_embedded_and_paid_for_once(hosted: ModelSite) -> None:
    texts = [f"text {hosted.url} {number}" for number in range(3)]
    made = llm.embed(texts, PURPOSE)
    assert made.vectors.shape == (3, 1536)
    assert llm.embed(texts, PURPOSE).hits == 3
    assert rows("state", "operation", "provider", "model", "agent", "query", "category") == [
        ("settled", "embed", "openai", "text-embedding-3-small", "searcher", "q-1", "queries")
    ]
    assert ledger_usd() == hosted.invoice.total() > 0


def test_requests_and_rows_are_as_many(hosted: ModelSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosted_embedder, "FIRST_PAUSE_SECONDS", 0.01)
    hosted.script.add(Fault("status", status=503, times=1))
    llm.embed([f"tried again {hosted.url}"], PURPOSE)
    assert rows("state", "error") == [("failed", "InternalServerError"), ("settled", "")]
    assert is_balanced(hosted)


def test_answer_that_never_came_is_unknown(
    hosted: ModelSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosted_embedder, "DOCUMENT_RETRIES", 0)
    hosted.script.add(Fault("reset"))
    with pytest.raises(EmbeddingUnavailable):
        llm.embed([f"lost {hosted.url}"], PURPOSE)
    assert rows("state", "is_estimate") == [("unknown", True)]


def test_search_by_itself_is_infrastructure(hosted: ModelSite) -> None:
    embedder().query("what did revenue do")
    assert rows("agent", "category", "state") == [("embedding", "infrastructure", "settled")]


def test_budget_and_missing_price_refuse_before_anything_is_sent(hosted: ModelSite) -> None:
    Budget.objects.create(scope="firm", amount_usd=Decimal("0.00"), every="month")
    with pytest.raises(OverBudget):
        llm.embed([f"new {hosted.url}"], PURPOSE)
    with pytest.raises(EmbeddingRefused):  # a search goes on by words alone
        embedder().query("what did revenue do")
    Budget.objects.all().delete()
    Price.objects.filter(model="text-embedding-3-small").delete()
    from costs import price_list

    price_list.forget()
    with pytest.raises(Unpriced):
        llm.embed([f"new {hosted.url}"], PURPOSE)
    assert hosted.asked == []
