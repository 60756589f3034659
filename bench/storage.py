"""Writing passages: 50 and more of a document in one transaction, against a save() each.

The same rows both times: a chunk and its words. Ours cuts nothing here and makes no vectors; it
weighs the words and writes. The peers: a save() each, in autocommit; and raw COPY, to which the
finished rows are given as they are.
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


def main() -> None:
    with scratch(FA_LOG_LEVEL="WARNING"):
        measure()


def measure() -> None:
    rounds = [
        (_bulk(3 * number), _single(3 * number + 1), _copy(3 * number + 2))
        for number in range(ROUNDS)
    ]
    bulk, single, raw = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    figure("storage", "bulk_chunks_per_second", bulk, "1/s", raw)
    figure("storage", "bulk_vs_single_ratio", bulk / single, "ratio", WANTED_RATIO)
    figure("storage", "bulk_vs_copy_ratio", bulk / raw, "ratio", 1.0)


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
        text += " ".join(vocabulary[int(5000 * rng.random() ** 3)] for _ in range(WORDS))
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

    chunks = _made(seed)

    def write() -> None:
        with transaction.atomic():
            rows.write(chunks)

    return _rate(len(chunks), write)


def _single(seed: int) -> float:
    """Each chunk by itself, through the ORM: its row, then that of its words."""
    from django.contrib.postgres.search import SearchVector
    from django.db.models import Value
    from pgvector import SparseVector

    from summaries.models import TermVector
    from summaries.models.passages import TERM_PLACES
    from summaries.passages.terms import normal, weights, words

    chunks = _made(seed)[:SINGLES]

    def write() -> None:
        for chunk in chunks:
            chunk.save()
            (said,) = words([chunk.embedded_text])
            places = {place - 1: weight for place, weight in weights(said).items()}
            TermVector.objects.create(
                chunk=chunk,
                document_id=chunk.document_id,
                tsv=SearchVector(Value(normal(chunk.embedded_text)), config="english"),
                weights=SparseVector(places, TERM_PLACES),
            )

    return _rate(len(chunks), write)


def _copy(seed: int) -> float:
    """Rows made before, given to COPY in one transaction."""
    from django.db import transaction

    from summaries.models import Chunk, TermVector
    from summaries.passages import rows
    from summaries.passages.terms import sparse, tsvector, weights, words

    chunks = _made(seed)
    for chunk, key in zip(chunks, rows.keys(len(chunks)), strict=True):
        chunk.pk = key
    said = words([chunk.embedded_text for chunk in chunks])
    chunk_rows = [tuple(getattr(chunk, name) for name in rows.CHUNK) for chunk in chunks]
    term_rows = [
        (chunk.pk, chunk.document_id, tsvector(one.lexemes), sparse(weights(one)))
        for chunk, one in zip(chunks, said, strict=True)
    ]

    def write() -> None:
        with transaction.atomic():
            rows.copy(Chunk._meta.db_table, rows.CHUNK, chunk_rows)
            rows.copy(TermVector._meta.db_table, rows.TERMS, term_rows)

    return _rate(len(chunks), write)


if __name__ == "__main__":
    main()
