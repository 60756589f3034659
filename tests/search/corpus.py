"""Documents for search tests: what matters said, the rest plain."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llm.embedding import Model
from llm.embedding.hashing import HashingEmbedder
from summaries.models import (
    Document,
    EmbeddingModel,
    Plan,
    ResearchIssuer,
    ResearchNote,
    Stock,
)
from summaries.passages import add_model, fill_embeddings, index_document

START = datetime(2024, 1, 1, tzinfo=UTC)
HASHING = HashingEmbedder()


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_page(
    text: str, *, name: str = "page", stock: Stock | None = None, public: int = 0, **fields: Any
) -> Document:
    """A free document of no filing, public on the given day."""
    given = {"kind": Document.Kind.SECTOR, "title": name, "public_at": day(public)}
    return Document.objects.create(
        **{**given, "name": name, "stock": stock, "text": text, "sha256": digest(text), **fields}
    )


def make_plan(code: str = "broker:1") -> Plan:
    return Plan.objects.create(code=code, name=code)


def make_note(
    text: str, plan: Plan, *stocks: Stock, source_id: str = "n1", public: int = 0, version: int = 1
) -> Document:
    """A version of a research note on these stocks, the first of them its own."""
    document = make_page(
        text, name=f"{source_id} {version}", kind=Document.Kind.RESEARCH, plan=plan, public=public,
        stock=stocks[0] if stocks else None,
    )  # fmt: skip
    ResearchNote.objects.filter(plan=plan, source_id=source_id).update(is_current=False)
    note = ResearchNote.objects.create(
        source_id=source_id, version=str(version), status="published", plan=plan,
        document=document, title=source_id, publisher="Broker", published_at=day(public),
        status_at=day(public), raw_sha256=digest(text),
    )  # fmt: skip
    for position, stock in enumerate(stocks):
        ResearchIssuer.objects.create(
            note=note, stock=stock, position=position, ticker=stock.ticker
        )
    return document


def indexed(text: str, **fields: Any) -> Document:
    document = make_page(text, **fields)
    index_document(document)
    return document


def active_model(embedder: Any = HASHING) -> EmbeddingModel:
    """A model in use, of all passages there are; without an index, which is for speed alone."""
    model = add_model(embedder.model)
    fill_embeddings(model, 10_000, embedder=embedder, cache=None)
    EmbeddingModel.objects.filter(pk=model.pk).update(state="active", activated_at=START)
    model.refresh_from_db()
    return model


class Counting:
    """The hashing embedder, with every text that it was given."""

    def __init__(self, name: str = "hashing-384", before: Callable[[], None] | None = None) -> None:
        self.model = Model(name, "hashing", HASHING.model.dimensions, 256)
        self.texts: list[str] = []
        self._before = before

    def documents(self, texts: Any) -> NDArray[np.float32]:
        if self._before is not None:
            self._before()
        self.texts += texts
        return HASHING.documents(texts)

    def query(self, text: str) -> NDArray[np.float32]:
        return HASHING.query(text)
