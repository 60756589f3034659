"""Finding the passage that answers: labelled questions, ours against plain BM25.

Both look through the same passages, which the product cuts from the pages of each set; a hit is
a passage that overlaps the gold evidence by one character or more. The pages have no stock, title
or date that could help: what is measured is search over all stocks, words and meaning fused.
`bm25s` is the peer, with its own tokens and its English stop words.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import figure
from bench.questions import Page, Question, QuestionSet, question_sets
from bench.scratch import scratch

if TYPE_CHECKING:
    from summaries.models import Chunk

K = 10
FIGURES = ("hit_at_5", "hit_at_10", "mrr_at_10")
PUBLIC_AT = datetime(2024, 1, 1, tzinfo=UTC)
# A question to the best K passages, by their keys.
Finder = Callable[[str], list[int]]


def main() -> int:
    with scratch():
        from django.conf import settings

        folder = Path(settings.SHARED_DATA_DIR) / "questions"
        if not folder.is_dir():
            print(f"No questions in {folder}; name the data with FA_SHARED_DATA.", file=sys.stderr)
            return 0
        measured = [measure(one) for one in question_sets(folder)]
    for name, ours, plain in measured:
        report(name, ours, plain)
    if measured:
        ours, plain = (np.concatenate([row[side] for row in measured]) for side in (1, 2))
        report("all", ours, plain)
    return 0


def report(name: str, ours: np.ndarray, plain: np.ndarray) -> None:
    """``ours`` and ``plain``: (questions, figures)"""
    pairs = zip(FIGURES, ours.mean(axis=0), plain.mean(axis=0), strict=True)
    for label, value, against in pairs:
        unit = "share" if label.startswith("hit") else "reciprocal rank"
        figure("retrieval", f"{name}_{label}", float(value), unit, float(against))


def measure(asked: QuestionSet) -> tuple[str, np.ndarray, np.ndarray]:
    chunks = indexed(asked.pages)
    gold = [answers(question, chunks) for question in asked.questions]
    usable = [place for place, keys in enumerate(gold) if keys]

    def scored(find: Finder) -> np.ndarray:
        return np.array([score(find(asked.questions[at].text), gold[at]) for at in usable])

    return asked.name, scored(ours), scored(bm25(chunks))


def score(found: Sequence[int], gold: set[int]) -> tuple[float, float, float]:
    rank = next((rank for rank, key in enumerate(found, start=1) if key in gold), None)
    if rank is None or rank > K:
        return 0.0, 0.0, 0.0
    return float(rank <= 5), 1.0, 1.0 / rank


def indexed(pages: Sequence[Page]) -> list[Chunk]:
    """The pages as the only documents, indexed and with vectors, as the product does it."""
    from llm.embedding import embedder
    from summaries.filings.reading import Table
    from summaries.models import Chunk, Document, EmbeddingModel
    from summaries.passages import activate, add_model, fill_embeddings, index_document
    from summaries.passages.frequencies import refresh

    Document.objects.all().delete()
    for page in pages:
        document = Document.objects.create(
            kind=Document.Kind.SECTOR, name=page.name[:200], title="Page", text=page.text,
            sha256=hashlib.sha256(page.text.encode()).hexdigest(), public_at=PUBLIC_AT,
        )  # fmt: skip
        tables = [Table(*page.table, rows=())] if page.table else []
        index_document(document, (), tables)
    refresh()
    EmbeddingModel.objects.all().delete()
    model = add_model(embedder().model)
    fill_embeddings(model, Chunk.objects.count(), embedder=embedder(), cache=None)
    activate(model)
    return list(Chunk.objects.select_related("document"))


def answers(question: Question, chunks: Sequence[Chunk]) -> set[int]:
    """Keys of the passages that overlap the question's evidence."""
    return {
        chunk.pk
        for chunk in chunks
        for page, (start, end) in question.gold
        if chunk.document.name == page[:200] and chunk.start < end and start < chunk.end
    }


def ours(text: str) -> list[int]:
    from summaries.search import Query, search

    return [passage.chunk_id for passage in search(Query(text, k=K))]


def bm25(chunks: Sequence[Chunk]) -> Finder:
    import bm25s

    def tokens(texts: list[str]) -> list[list[str]]:
        made: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", return_ids=False, show_progress=False
        )
        return made

    index = bm25s.BM25()
    index.index(tokens([chunk.embedded_text for chunk in chunks]), show_progress=False)
    keys = [chunk.pk for chunk in chunks]

    def find(text: str) -> list[int]:
        known = [token for token in tokens([text])[0] if token in index.vocab_dict]
        if not known:
            return []
        scores = index.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:K]
        return [keys[place] for place in best if scores[place] > 0]

    return find


if __name__ == "__main__":
    sys.exit(main())
