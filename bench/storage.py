"""Writing passages: 50 and more of a document in one transaction, against a save() each.

The same finished rows for all three: chunks, their words as weighed, and the note that a vector is
due. Ours as the product writes them; `single` a save() each, in autocommit; `copy` raw COPY, to which
the rows are given as text. What it takes to cut and weigh them first is in `index_chunks_per_second`.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from bench.figures import figure
from bench.scratch import scratch

SEED = 7
CHUNKS, WORDS, ROUNDS = 300, 130, 5
SINGLES = 60  # of each round: a save() each takes long
WANTED_RATIO = 10
# Not far from every second word of a filing.
FUNCTION_WORDS = ("the", "of", "and", "to", "in", "our", "a", "for", "that", "as", "or", "by")


def main() -> None:
    with scratch(FA_LOG_LEVEL="WARNING"):
        measure()


def measure() -> None:
    from llm.embedding import Model
    from summaries.passages import add_model

    add_model(Model("bench-384", "bench", 384, 256))
    rounds = [
        (_bulk(4 * number), _single(4 * number + 1), _copy(4 * number + 2), _index(4 * number + 3))
        for number in range(ROUNDS)
    ]
    bulk, single, raw, index = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    figure("storage", "bulk_chunks_per_second", bulk, "1/s", raw)
    figure("storage", "bulk_vs_single_ratio", bulk / single, "ratio", WANTED_RATIO)
    figure("storage", "bulk_vs_copy_ratio", bulk / raw, "ratio", 1.0)
    figure("storage", "index_chunks_per_second", index, "1/s", raw)


def _made(seed: int) -> list[Any]:
    """Chunks of a new document, not stored."""
    from summaries.chunking import Chunk as Span
    from summaries.models import Document
    from summaries.passages import rows

    rng = Random(f"{SEED} {seed}")
    vocabulary = [f"{rng.choice('bcdfglmprst')}{rng.randrange(10**4):x}" for _ in range(5000)]
    text, spans = "", []
    for _ in range(CHUNKS):
        start = len(text)
        text += " ".join(
            rng.choice(FUNCTION_WORDS)
            if rng.random() < 0.45
            else vocabulary[int(5000 * rng.random() ** 3)]
            for _ in range(WORDS)
        )
        spans.append(Span(start, len(text), "7", "Management", is_table=False))
        text += "\n"
    document = Document.objects.create(
        kind=Document.Kind.SECTOR, name=f"bench {seed}", title="Bench", text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(), public_at=datetime(2024, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    return list(rows.made(document, spans))


def _rate(count: int, write: Callable[[], object]) -> float:
    start = time.perf_counter()
    write()
    return count / (time.perf_counter() - start)


def _bulk(seed: int) -> float:
    from django.db import transaction

    from summaries.passages import rows
    from summaries.passages.indexing import await_vectors

    chunks = _made(seed)
    terms = rows.weighed(chunks)

    def write() -> None:
        with transaction.atomic():
            rows.store(chunks, terms)
            await_vectors(chunks[0].document)

    return _rate(len(chunks), write)


def _single(seed: int) -> float:
    from pgvector import SparseVector

    from summaries.models import EmbeddingModel, PendingEmbedding, TermVector
    from summaries.passages import rows

    chunks = _made(seed)[:SINGLES]
    terms = rows.weighed(chunks)
    vectors = [SparseVector.from_text(one.weights) for one in terms]
    model = EmbeddingModel.objects.get()

    def write() -> None:
        for chunk, one, vector in zip(chunks, terms, vectors, strict=True):
            chunk.save()
            TermVector(
                chunk=chunk, document_id=chunk.document_id, tsv=one.tsv, weights=vector
            ).save(force_insert=True)
            PendingEmbedding(model=model, chunk=chunk).save()

    return _rate(len(chunks), write)


def _copy(seed: int) -> float:
    from django.db import transaction

    from summaries.models import Chunk, EmbeddingModel, PendingEmbedding, TermVector
    from summaries.passages import rows

    chunks = _made(seed)
    for chunk, key in zip(chunks, rows.keys(len(chunks)), strict=True):
        chunk.pk = key
    model = EmbeddingModel.objects.get()
    chunk_rows = [tuple(getattr(chunk, name) for name in rows.CHUNK) for chunk in chunks]
    term_rows = [
        (chunk.pk, chunk.document_id, one.tsv, one.weights)
        for chunk, one in zip(chunks, rows.weighed(chunks), strict=True)
    ]
    pending_rows = [(model.pk, chunk.pk) for chunk in chunks]

    def write() -> None:
        with transaction.atomic():
            rows.copy(Chunk._meta.db_table, rows.CHUNK, chunk_rows)
            rows.copy(TermVector._meta.db_table, rows.TERMS, term_rows)
            rows.copy(PendingEmbedding._meta.db_table, ("model_id", "chunk_id"), pending_rows)

    return _rate(len(chunks), write)


def _index(seed: int) -> float:
    """The product's own way from a document's text to rows."""
    from summaries.passages import index_document

    document = _made(seed)[0].document
    start = time.perf_counter()
    chunks = index_document(document).chunks
    return chunks / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
