"""Search over 100,000 passages: how fast, and how much of the exact answer HNSW finds.

400 stocks of 250 passages in ten documents each. Words follow Zipf's law, with a vocabulary of
each stock's own mixed in; vectors are a mean that all share, stocks, topics and noise in 96 latent
dimensions. What is timed is the whole `search()`, with the question's vector given: embedding
it takes the local model about 10 ms more. The embedded server's ordinary settings.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench.figures import figure
from bench.scratch import scratch

if TYPE_CHECKING:
    from summaries.models import EmbeddingModel, Stock

SEED = 2026
STOCKS, DOCUMENTS, CHUNKS = 400, 10, 25
DIMENSIONS, LATENT, TOPICS = 384, 96, 60
WORDS = 130
QUERIES = 200
FUNCTION_WORDS = "the of and to in our a for that as or by".split()
LIMITS = {"one_stock_p95_ms": 10.0, "all_stock_p95_ms": 25.0, "all_stock_recall_at_10": 0.98}
Vectors = NDArray[np.float32]


@dataclass
class World:
    """Made-up words and vectors, the same every time."""

    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))

    def __post_init__(self) -> None:
        letters = np.array(list("bcdfghjklmnprstvz")), np.array(list("aeiou"))
        made = {
            "".join(self.rng.choice(letters[at % 2]) for at in range(self.rng.integers(4, 10)))
            for _ in range(40_000)
        }
        self.vocabulary = np.array(sorted(made))
        self.rng.shuffle(self.vocabulary)
        weights = 1 / (np.arange(len(self.vocabulary)) + 2.7) ** 1.05
        self.usual = np.cumsum(weights / weights.sum())
        spectrum = (np.arange(LATENT) + 1.0) ** -0.5
        self.projection = self.rng.normal(size=(LATENT, DIMENSIONS)) * spectrum[:, None]
        self.mean = self.rng.normal(size=LATENT) * 1.2
        self.of_stock = self.rng.normal(size=(STOCKS, LATENT)) * 0.9
        self.of_topic = self.rng.normal(size=(TOPICS, LATENT)) * 0.8
        topics = 1 / (np.arange(TOPICS) + 1.0)
        self.topics = np.cumsum(topics / topics.sum())

    def text(self, stock: int, words: int) -> str:
        """Not far from every second word says nothing; of the others one in ten is from the
        stock's own thirty."""
        usual = self.vocabulary[np.searchsorted(self.usual, self.rng.random(words))]
        own = self.vocabulary[5000 + stock * 30 + self.rng.integers(0, 30, words)]
        said = np.where(self.rng.random(words) < 0.1, own, usual)
        little = self.rng.choice(FUNCTION_WORDS, words)
        return " ".join(np.where(self.rng.random(words) < 0.45, little, said))

    def vectors(self, stocks: NDArray[Any]) -> Vectors:
        """(n, DIMENSIONS), of length one: a passage of each of these stocks."""
        topics = np.searchsorted(self.topics, self.rng.random(len(stocks)))
        latent = self.mean + self.of_stock[stocks] + self.of_topic[topics]
        latent = latent + self.rng.normal(size=latent.shape) * 0.7
        made = latent @ self.projection
        scaled: Vectors = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
        return scaled


@dataclass(frozen=True)
class Given:
    """An embedder whose vectors were made before."""

    model: Any
    vector: Vectors

    def documents(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError("The passages have their vectors.")

    def query(self, text: str) -> Vectors:
        return self.vector


@dataclass(frozen=True)
class Corpus:
    stocks: list[Stock]
    model: EmbeddingModel
    keys: NDArray[np.int64]
    vectors: Vectors


def filled(
    world: World, name: str = "bench-384", *, own: Sequence[Stock] = (), as_filings: bool = False
) -> Corpus:
    """The passages, through the product's own writers; their vectors, as the model ``name`` might
    give them, by COPY, then activated. ``own``: the first stocks, which there are already.
    ``as_filings``: documents with their text and their filing, that answers can quote."""
    from llm.embedding import Model
    from summaries.models import (
        Chunk,
        Document,
        Embedding,
        IndexedDocument,
        PendingEmbedding,
    )
    from summaries.passages import activate, add_model, rows
    from summaries.passages.filling import halfvec
    from summaries.passages.frequencies import refresh

    stocks = [*own[:STOCKS], *_stocks(range(len(own), STOCKS))]
    documents = []
    for number, stock in enumerate(stocks):
        ten = [_document(stock, at, as_filing=as_filings) for at in range(DOCUMENTS)]
        spans = [_written(world, one, number) for one in ten]
        documents += Document.objects.bulk_create(ten)
        rows.write(
            [row for one, of_one in zip(ten, spans, strict=True) for row in rows.made(one, of_one)]
        )
    IndexedDocument.objects.bulk_create(
        IndexedDocument(document=document, fingerprint="0" * 64, chunks=CHUNKS)
        for document in documents
    )
    refresh()
    model = add_model(Model(name, name.partition("-")[0], DIMENSIONS, 256))
    placed = list(Chunk.objects.order_by("pk").values_list("pk", "document_id"))
    of_stock = np.repeat(np.arange(STOCKS), DOCUMENTS * CHUNKS)
    vectors = world.vectors(of_stock)
    columns = ("model_id", "chunk_id", "document_id", "plan_id", "vector")
    rows.copy(
        Embedding._meta.db_table, columns,
        (
            (model.pk, chunk, document, None, halfvec(vector.tolist()))
            for (chunk, document), vector in zip(placed, vectors, strict=True)
        ),
    )  # fmt: skip
    PendingEmbedding.objects.all().delete()
    activate(model)
    _vacuum()
    return Corpus(stocks, model, np.array([pk for pk, _ in placed]), vectors)


def _stocks(numbers: range) -> list[Stock]:
    from summaries.models import Stock

    return Stock.objects.bulk_create(
        Stock(ticker=f"B{number:03}", cik=8_000_000 + number, name=f"Bench {number}")
        for number in numbers
    )


def _document(stock: Stock, number: int, *, as_filing: bool) -> Any:
    from summaries.models import Document

    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=91 * number)
    return Document(
        kind=Document.Kind.FILING if as_filing else Document.Kind.SECTOR, stock=stock,
        filing=_filing(stock, number, at) if as_filing else None,
        name=f"bench {number}", title="Bench", public_at=at,
    )  # fmt: skip


def _filing(stock: Stock, number: int, at: datetime) -> Any:
    from summaries.models import Filing

    return Filing.objects.create(
        stock=stock, accession=f"9999999999-{at:%y}-{number:06}", form="10-Q", filed=at.date(),
        period_end=at.date() - timedelta(days=40), fiscal_year=at.year, fiscal_period="Q1",
    )  # fmt: skip


def _written(world: World, document: Any, stock: int) -> list[Any]:
    """Gives the document its text; its passages' spans."""
    from summaries.chunking import Chunk as Span

    spans, text = [], ""
    for _ in range(CHUNKS):
        start = len(text)
        text += (
            _sentences(world.text(stock, WORDS)) if document.filing else world.text(stock, WORDS)
        )
        spans.append(Span(start, len(text), "7", "Management", is_table=False))
        text += "\n"
    document.text, document.sha256 = text, hashlib.sha256(text.encode()).hexdigest()
    return spans


def _sentences(text: str, length: int = 18) -> str:
    words = text.split()
    parts = (" ".join(words[at : at + length]) for at in range(0, len(words), length))
    return " ".join(f"{one.capitalize()}." for one in parts)


def _vacuum() -> None:
    """As autovacuum leaves the tables a minute after they were written."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def timed(run: Callable[[int], object]) -> NDArray[np.float64]:
    """Milliseconds of each of QUERIES runs, after a round that isn't counted: what a site in use
    has in memory."""
    for number in range(QUERIES):
        run(number)
    taken = []
    for number in range(QUERIES):
        start = time.perf_counter()
        run(number)
        taken.append((time.perf_counter() - start) * 1000)
    return np.array(taken)


def main() -> None:
    with scratch(FA_LOG_LEVEL="WARNING"):
        measure()


def measure() -> None:
    from llm.embedding import Model
    from summaries.search import Query, search

    world = World()
    corpus = filled(world)
    model = Model(corpus.model.name, "bench", DIMENSIONS, 256)
    asked = world.rng.integers(0, STOCKS, QUERIES)
    texts = [world.text(stock, int(world.rng.integers(6, 20))) for stock in asked]
    vectors = world.vectors(asked)

    def one_stock(number: int) -> object:
        stock = (corpus.stocks[asked[number]],)
        return search(Query(texts[number], stock, embedder=Given(model, vectors[number])))

    def all_stocks(number: int) -> object:
        return search(Query(texts[number], embedder=Given(model, vectors[number])))

    one, everywhere = timed(one_stock), timed(all_stocks)
    _print("one_stock_p95_ms", float(np.percentile(one, 95)), "ms")
    _print("all_stock_p95_ms", float(np.percentile(everywhere, 95)), "ms")
    _print("all_stock_recall_at_10", recall(corpus, vectors), "share")
    words = recall_of_words(texts)
    figure("search", "all_stock_lexical_recall_at_10", words, "share", 1.0)


def _print(name: str, value: float, unit: str) -> None:
    figure("search", name, value, unit, LIMITS[name])


def recall(corpus: Corpus, vectors: Vectors) -> float:
    """Of the ten nearest passages, how many the dense arm over all stocks has among its ten."""
    shares = []
    for vector in vectors:
        scores = corpus.vectors @ vector
        exact = set(corpus.keys[np.argpartition(-scores, 10)[:10]].tolist())
        shares.append(len(exact & set(_dense(corpus.model, vector))) / 10)
    return float(np.mean(shares))


def _dense(model: EmbeddingModel, vector: Vectors) -> list[int]:
    from django.utils import timezone

    from summaries.search import Query
    from summaries.search.arms import Meant, look
    from summaries.search.eligible import eligible
    from summaries.search.fusion import ordered
    from summaries.search.wording import read

    everything = eligible(Query("the"), [], timezone.now())
    meant = Meant(model.pk, model.dimensions, vector.tolist())
    arms = look(everything, read("the"), meant, depth=50, narrow=False)
    return [found.chunk_id for found in ordered(arms.dense)[:10]]


def recall_of_words(texts: Sequence[str]) -> float:
    """Of the ten best passages by BM25 over all, how many the lexical arm has among its ten."""
    from django.db import connection
    from django.utils import timezone

    from summaries.search import Query
    from summaries.search.arms import look
    from summaries.search.eligible import eligible
    from summaries.search.fusion import ordered
    from summaries.search.wording import read

    shares = []
    everything = eligible(Query("the"), [], timezone.now())
    for text in texts[:50]:
        wording = read(text)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT chunk_id FROM summaries_termvector"
                " ORDER BY weights <#> %s::sparsevec, chunk_id LIMIT 10",
                [wording.sparse()],
            )
            exact = {key for (key,) in cursor.fetchall()}
        arms = look(everything, wording, None, depth=50, narrow=False)
        shares.append(len(exact & {one.chunk_id for one in ordered(arms.lexical)[:10]}) / 10)
    return float(np.mean(shares))


if __name__ == "__main__":
    main()
