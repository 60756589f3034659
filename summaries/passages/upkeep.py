"""What is due in the background: words counted, vectors made, a finished first model put to use."""

from __future__ import annotations

import structlog

from llm.embedding import Cache, embedder
from summaries.models import EmbeddingModel, PendingEmbedding
from summaries.passages.filling import fill_embeddings, note_missing
from summaries.passages.frequencies import refresh_if_stale
from summaries.passages.spaces import NotComplete, activate, ensure_model

log = structlog.get_logger(__name__)


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
            done = fill_embeddings(model, limit, embedder=embedder(model.name), cache=Cache())
            log.info("embedding.filled", model=model.name, vectors=done.vectors, hits=done.hits)
            # What others have claimed is their business.
            more |= done.vectors > 0 and due.exists()
    if not more:
        _use_first_model()
    return more


def _use_first_model() -> None:
    """Where search has no model yet, it gets the first that is complete; a change is an operator's."""
    states = EmbeddingModel.State
    if EmbeddingModel.objects.filter(state=states.ACTIVE).exists():
        return
    for model in EmbeddingModel.objects.filter(state=states.FILLING):
        if note_missing(model) or PendingEmbedding.objects.filter(model=model).exists():
            continue
        if not model.embeddings.exists():
            continue
        try:
            activate(model)
        except NotComplete:
            continue
        log.info("embedding.activated", model=model.name)
        return
