"""Vectors for passages: claimed, made outside any transaction, stored under the claim.

A worker that is killed leaves a claim that runs out; what it had made by then is in the cache
of `llm.embedding`, so that nothing is paid for twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from llm.embedding import Cache, Embedder, embed
from summaries.models import Embedding, EmbeddingModel, PendingEmbedding
from summaries.passages.rows import copy

CLAIM_SECONDS = 300
# Texts of one claim: seconds of work for a local model, one request for a provider.
AT_ONCE = 64


@dataclass(frozen=True)
class Filled:
    """``hits``: vectors that the cache had."""

    vectors: int = 0
    hits: int = 0

    def __add__(self, other: Filled) -> Filled:
        return Filled(self.vectors + other.vectors, self.hits + other.hits)


@dataclass(frozen=True)
class Claimed:
    pk: int
    chunk_id: int
    document_id: int
    plan_id: int | None
    text: str


def fill_embeddings(
    model: EmbeddingModel, limit: int, *, embedder: Embedder, cache: Cache | None
) -> Filled:
    """Make up to ``limit`` vectors that are due and that nobody else is at.

    Raises EmbeddingError; what was done by then is stored, and the rest is due again.
    """
    done = Filled()
    while done.vectors < limit:
        token = uuid.uuid4()
        claimed = _claim(model, min(AT_ONCE, limit - done.vectors), token)
        if not claimed:
            break
        try:
            made = embed([one.text for one in claimed], embedder=embedder, cache=cache)
            stored = _store(model, claimed, made.vectors.tolist(), token)
        except BaseException:
            _release(token)
            raise
        done += Filled(stored, made.hits)
    return done


@transaction.atomic
def _claim(model: EmbeddingModel, limit: int, token: uuid.UUID) -> list[Claimed]:
    """Rows that are free, or whose claim ran out, ours for a while."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (SELECT id FROM summaries_pendingembedding"
            " WHERE model_id = %(model)s AND (claimed_until IS NULL OR claimed_until < %(now)s)"
            " ORDER BY chunk_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
            " UPDATE summaries_pendingembedding AS pending"
            " SET token = %(token)s, claimed_until = %(until)s"
            " FROM due, summaries_chunk AS chunk"
            " WHERE pending.id = due.id AND chunk.id = pending.chunk_id"
            " RETURNING pending.id, chunk.id, chunk.document_id, chunk.plan_id,"
            " chunk.heading || E'\\n' || chunk.text",
            {
                "model": model.pk,
                "now": now,
                "limit": limit,
                "token": token,
                "until": now + timedelta(seconds=CLAIM_SECONDS),
            },
        )
        return [Claimed(*row) for row in cursor.fetchall()]


@transaction.atomic
def _store(
    model: EmbeddingModel,
    claimed: Sequence[Claimed],
    vectors: Sequence[Sequence[float]],
    token: uuid.UUID,
) -> int:
    """Of what is still ours: a claim may have run out, a passage may be gone, a model retired."""
    ours = PendingEmbedding.objects.filter(token=token).select_for_update()
    still = set(ours.values_list("pk", flat=True))
    rows = [
        (model.pk, one.chunk_id, one.document_id, one.plan_id, halfvec(vector))
        for one, vector in zip(claimed, vectors, strict=True)
        if one.pk in still
    ]
    columns = ("model_id", "chunk_id", "document_id", "plan_id", "vector")
    copy(Embedding._meta.db_table, columns, rows)
    PendingEmbedding.objects.filter(pk__in=still).delete()
    return len(rows)


def _release(token: uuid.UUID) -> None:
    PendingEmbedding.objects.filter(token=token).update(token=None, claimed_until=None)


def halfvec(vector: Sequence[float]) -> str:
    return f"[{','.join(f'{each:.5g}' for each in vector)}]"


def note_missing(model: EmbeddingModel) -> int:
    """Note every vector that the model lacks and that isn't noted yet; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO summaries_pendingembedding (model_id, chunk_id)"
            " SELECT %(model)s, chunk.id FROM summaries_chunk AS chunk WHERE NOT EXISTS"
            " (SELECT 1 FROM summaries_embedding AS made"
            "  WHERE made.chunk_id = chunk.id AND made.model_id = %(model)s)"
            " ON CONFLICT DO NOTHING",
            {"model": model.pk},
        )
        return int(cursor.rowcount)
