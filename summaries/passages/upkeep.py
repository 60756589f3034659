"""What is due in the background: words counted, vectors made, a finished first model put to use."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from llm.embedding import Cache, embedder
from summaries.models import BatchItem, BatchRun, EmbeddingModel, PendingEmbedding
from summaries.passages.filling import Filled, fill_embeddings, note_missing
from summaries.passages.frequencies import refresh_if_stale
from summaries.passages.spaces import NotComplete, activate, ensure_model

log = structlog.get_logger(__name__)

DRIVEN_LATELY = timedelta(seconds=60)


def is_batch_at_work() -> bool:
    """Whether a batch goes on. A run that nobody drives for a while doesn't count."""
    lately = timezone.now() - DRIVEN_LATELY
    return (
        BatchRun.objects.filter(state=BatchRun.State.RUNNING)
        .filter(
            Q(started_at__gt=lately)
            | Exists(BatchItem.objects.filter(run=OuterRef("pk"), finished_at__gt=lately))
            | Exists(BatchItem.objects.filter(run=OuterRef("pk"), lease_until__gt=timezone.now()))
        )
        .exists()
    )


def upkeep(*, limit: int) -> bool:
    """Do up to ``limit`` vectors of each live model; whether more are due. Not in a transaction.

    Raises EmbeddingError.
    """
    refresh_if_stale()
    ensure_model()
    more = False
    for model in EmbeddingModel.objects.live():
        due = PendingEmbedding.objects.filter(model=model)
        if due.exists():
            done = fill(model, limit)
            # What others have claimed is their business.
            more |= done.vectors > 0 and due.exists()
    if not more:
        use_first_model()
    return more


def fill(model: EmbeddingModel, limit: int) -> Filled:
    """Up to ``limit`` vectors by the model's own embedder, the cache first."""
    done = fill_embeddings(model, limit, embedder=embedder(model.name), cache=Cache())
    if done.vectors:
        log.info("embedding.filled", model=model.name, vectors=done.vectors, hits=done.hits)
    return done


def note_all_missing() -> int:
    """Note what live models lack, whatever became of the notes that were made of it."""
    return sum(note_missing(model) for model in EmbeddingModel.objects.live())


def use_first_model() -> EmbeddingModel | None:
    """Where search has no model yet it gets the first complete one; a change is an operator's."""
    states = EmbeddingModel.State
    if EmbeddingModel.objects.filter(state=states.ACTIVE).exists():
        return None
    for model in EmbeddingModel.objects.filter(state=states.FILLING):
        lacking = note_missing(model) or PendingEmbedding.objects.filter(model=model).exists()
        if not lacking and model.embeddings.exists():
            try:
                activate(model)
            except NotComplete:  # new passages came, or another worker is at it
                continue
            log.info("embedding.activated", model=model.name)
            return model
    return None
