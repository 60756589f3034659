"""The one function that finds passages, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from llm.embedding import Embedder, EmbeddingError, embedder
from summaries.search.arms import Meant, look
from summaries.search.eligible import eligible
from summaries.search.fusion import Fused, Ranking, fuse, prior
from summaries.search.query import Query
from summaries.search.wording import read

log = structlog.get_logger(__name__)

# The ORM would take longer to write these two than the database to answer them.
_ACTIVE = "SELECT id, name, dimensions FROM summaries_embeddingmodel WHERE state = 'active'"
_TOLD = (
    'SELECT chunk.id, chunk.document_id, chunk.start, chunk."end", chunk.text, chunk.heading,'
    " chunk.item, chunk.is_table, stock.ticker, chunk.kind, chunk.form, chunk.public_at"
    " FROM summaries_chunk AS chunk LEFT JOIN summaries_stock AS stock ON stock.id = chunk.stock_id"
    " WHERE chunk.id = ANY(%s)"
)

# Passages that are looked at for each that is asked for: by recency and section, by a reranker.
CONSIDERED = 3


@dataclass(frozen=True)
class Passage:
    """A span of a document that answers: ``quote`` is ``document.text[start:end]``, code points.

    ``score`` orders the passages of one search and means nothing beside it. Ranks count from 1;
    None where that arm didn't find the passage. ``ticker``: of the document's own stock.
    """

    chunk_id: int
    document_id: int
    start: int
    end: int
    quote: str
    heading: str
    item: str
    is_table: bool
    ticker: str | None
    kind: str
    form: str
    public_at: datetime
    score: float
    lexical_rank: int | None
    dense_rank: int | None

    @property
    def url(self) -> str:
        """The document's page with the passage marked."""
        page = reverse("summaries:document", args=[self.document_id])
        return f"{page}?start={self.start}&end={self.end}#quote"


class Reranker(Protocol):
    def rerank(self, text: str, passages: Sequence[Passage]) -> Sequence[Passage]:
        """The passages given, best first; some may be left out, none added."""
        ...


def search(query: Query, *, reranker: Reranker | None = None) -> tuple[Passage, ...]:
    """The passages that answer best, at most ``query.k``, best first.

    Never one that the reader has no licence for, that wasn't public at the moment asked for, or
    whose document was withdrawn. Without an active embedding model, or when the embedder fails,
    by words alone. Not in a transaction that holds locks: the embedder may be a call away.
    """
    text = query.words()
    if not text:
        return ()
    meant = _meant(text, query.embedder)
    wording = read(text)
    documents = eligible(query, query.plans(), timezone.now())
    arms = look(
        documents, wording, meant, depth=max(query.ranking.depth, query.k), narrow=query.is_narrow
    )
    best = max((one.score for one in arms.lexical), default=0.0)
    share = best / weight if (weight := wording.weight()) else 0.0
    fused = fuse(arms.lexical, arms.dense, share=share, ranking=query.ranking)
    found = _settled(_passages(fused[: CONSIDERED * query.k]), query.ranking)
    if reranker is None:
        return found[: query.k]
    return tuple(one for one in reranker.rerank(text, found) if one in found)[: query.k]


def _meant(text: str, given: Embedder | None) -> Meant | None:
    """The question in the active model's space; None where there is none to be had."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE)
        row = cursor.fetchone()
    if row is None:
        return None
    model_id, name, dimensions = row
    if given is not None and given.model.name != name:
        log.warning("search.other_model", given=given.model.name, active=name)
        return None
    try:
        return Meant(model_id, dimensions, (given or embedder(name)).query(text).tolist())
    except EmbeddingError as error:
        log.warning("search.words_alone", error=str(error))
        return None


def _passages(fused: Sequence[Fused]) -> tuple[Passage, ...]:
    """In the order given. A passage that was dropped meanwhile is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [[one.chunk_id for one in fused]])
        told = {row[0]: row for row in cursor.fetchall()}
    return tuple(
        Passage(*(*told[one.chunk_id], one.score, one.lexical_rank, one.dense_rank))
        for one in fused
        if one.chunk_id in told
    )


def _settled(passages: Sequence[Passage], ranking: Ranking) -> tuple[Passage, ...]:
    """In the order that recency and section leave."""
    newest = max((one.public_at for one in passages), default=None)
    if newest is None:
        return ()
    told = [
        replace(
            one,
            score=one.score
            * (1 + prior(
                public_at=one.public_at, newest=newest, item=one.item, kind=one.kind, ranking=ranking
            )),
        )
        for one in passages
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda one: (-one.score, one.chunk_id)))
