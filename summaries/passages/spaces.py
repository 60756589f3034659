"""Spaces of vectors side by side: one that search uses, another that is filled to replace it.

A space has two HNSW indexes, of free and of licensed passages, so that what a reader without a
licence finds doesn't depend on what licensed notes say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from llm.embedding import Model, embedder
from summaries.models import EmbeddingModel, PendingEmbedding
from summaries.passages.filling import note_missing

# Measured: more while building costs twice the time and gains nothing at the ef_search we use.
M, EF_CONSTRUCTION = 16, 64
# What outgrows it is built 2.4 times slower: 384 dimensions take about 1.1 GB a million.
BUILD_MEMORY = "1GB"

_LOCK = 0x73706163  # "spac"

PARTS = {"free": "plan_id IS NULL", "licensed": "plan_id IS NOT NULL"}


class NotComplete(Exception):
    """The model can't be made active yet; the message says what to do."""


class IsActive(Exception):
    """The model that search uses can't be retired; the message says what to do."""


def add_model(model: Model) -> EmbeddingModel:
    """A model to be filled; one that was retired is filled anew, one that lives is left alone."""
    told = {"provider": model.provider, "dimensions": model.dimensions}
    row, is_new = EmbeddingModel.objects.get_or_create(name=model.name, defaults=told)
    if row.state == EmbeddingModel.State.RETIRED:
        _drop_vectors(row)  # in case its retirement was cut short
        EmbeddingModel.objects.filter(pk=row.pk, state=EmbeddingModel.State.RETIRED).update(
            state=EmbeddingModel.State.FILLING, activated_at=None, retired_at=None, **told
        )
        row.refresh_from_db()
        is_new = True
    if is_new:
        note_missing(row)
    return row


def ensure_model() -> EmbeddingModel | None:
    """The embedder of the settings as a model, where there is none at all; None where one lives.

    Raises EmbeddingError where the settings' embedder can't be had.
    """
    if EmbeddingModel.objects.live().exists():
        return None
    return add_model(embedder().model)


def activate(model: EmbeddingModel) -> EmbeddingModel | None:
    """Let search use the model from now on; returns the one that it used before, now retired.

    Builds the model's indexes first, while search goes on with the old one. Not in a transaction.
    Raises NotComplete where passages lack vectors.
    """
    if model.state == EmbeddingModel.State.ACTIVE:
        return None
    if model.state == EmbeddingModel.State.RETIRED:
        raise NotComplete(
            f"{model.name} is retired. Add it again: manage.py embedding_models --add {model.name}"
        )
    note_missing(model)
    if missing := PendingEmbedding.objects.filter(model=model).count():
        raise NotComplete(
            f"{missing} passages have no vector of {model.name} yet. "
            "Run manage.py index_passages, or wait for the workers."
        )
    with _alone():
        model.refresh_from_db()
        if model.state == EmbeddingModel.State.ACTIVE:
            return None
        build_indexes(model)
        old = _switch(model)
        if old is not None:
            _drop_vectors(old)
    return old


@contextmanager
def _alone() -> Iterator[None]:
    """Keeps two from building the same index. Raises NotComplete where another is at it."""
    with connection.cursor() as cursor:
        # Not waited for: who waits holds a snapshot, and the builder would wait for that.
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise NotComplete("Another process is changing models; look again in a minute.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@transaction.atomic
def _switch(model: EmbeddingModel) -> EmbeddingModel | None:
    now = timezone.now()
    old = EmbeddingModel.objects.select_for_update().filter(state="active").first()
    if old is not None and old.pk != model.pk:
        old.state, old.retired_at = EmbeddingModel.State.RETIRED, now
        old.save(update_fields=["state", "retired_at"])
    model.state, model.activated_at = EmbeddingModel.State.ACTIVE, now
    model.save(update_fields=["state", "activated_at"])
    return old if old is not None and old.pk != model.pk else None


def retire(model: EmbeddingModel) -> None:
    """Drop the vectors and indexes of a model that search doesn't use. Not in a transaction.

    Raises IsActive for the one that it uses.
    """
    if model.state == EmbeddingModel.State.ACTIVE:
        raise IsActive(
            f"Search uses {model.name}. Activate another model, which retires this one: "
            "manage.py embedding_models --activate NAME"
        )
    model.state, model.retired_at = EmbeddingModel.State.RETIRED, timezone.now()
    model.save(update_fields=["state", "retired_at"])
    _drop_vectors(model)


def build_indexes(model: EmbeddingModel) -> None:
    """Without locking anybody out; an index that an earlier try left half built is made anew."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW maintenance_work_mem")
        (usual,) = cursor.fetchone()
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [BUILD_MEMORY])
        try:
            for part, condition in PARTS.items():
                name = _index_name(model, part)
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
                cursor.execute(
                    f"CREATE INDEX CONCURRENTLY {name} ON summaries_embedding"
                    f" USING hnsw ((vector::halfvec({model.dimensions})) halfvec_cosine_ops)"
                    f" WITH (m = {M}, ef_construction = {EF_CONSTRUCTION})"
                    f" WHERE model_id = {model.pk} AND {condition}"
                )
        finally:
            cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [usual])
        cursor.execute("ANALYZE summaries_embedding")


def _drop_vectors(model: EmbeddingModel) -> None:
    with connection.cursor() as cursor:
        for part in PARTS:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_index_name(model, part)}")
        cursor.execute("DELETE FROM summaries_pendingembedding WHERE model_id = %s", [model.pk])
        cursor.execute("DELETE FROM summaries_embedding WHERE model_id = %s", [model.pk])


def _index_name(model: EmbeddingModel, part: str) -> str:
    return f"embedding_{part}_{model.pk}"
