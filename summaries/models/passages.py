"""Passages that search finds: spans of documents, the words in them, and what they mean as vectors.

What search may show follows from the document alone (licence, version, withdrawal); the copies
of a document's columns here are for reading, and for the indexes.
"""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from pgvector.django import HalfVectorField, SparseVectorField

from summaries.models.documents import Document
from summaries.models.licences import Plan
from summaries.models.stocks import Stock

# A term's place in a sparse vector is its hash: so many places that two terms never meet.
TERM_PLACES = 1 << 29


class IndexedDocument(models.Model):
    """A document that search can find, and as what it was cut into passages."""

    document = models.OneToOneField(
        Document, primary_key=True, on_delete=models.CASCADE, related_name="indexed"
    )
    fingerprint = models.CharField(
        max_length=64, help_text="Hash of all that the passages were made of."
    )
    chunks = models.PositiveIntegerField()
    until = models.DateTimeField(
        null=True, blank=True, help_text="When the next version became public; empty for none."
    )
    indexed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.document}: {self.chunks} passages"


class Chunk(models.Model):
    """A span of a document that search can find. Offsets are code points, ``end`` excluded.

    ``text`` is ``document.text[start:end]``.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="chunks")
    stock = models.ForeignKey(
        Stock, null=True, blank=True, on_delete=models.CASCADE, related_name="chunks"
    )
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="chunks"
    )
    kind = models.CharField(max_length=12, choices=Document.Kind.choices)
    form = models.CharField(max_length=12, blank=True, help_text="Of the filing: 10-K.")
    public_at = models.DateTimeField()
    position = models.PositiveIntegerField()
    item = models.CharField(max_length=12, blank=True, help_text="As in Section: 1A, I.2.")
    heading = models.CharField(max_length=200, blank=True, help_text="Context the text lacks.")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="Of what is embedded: heading and text.")
    is_table = models.BooleanField(default=False)

    class Meta:
        ordering = ("document", "position")
        constraints = (
            models.UniqueConstraint(name="chunk_place_once", fields=["document", "position"]),
            models.CheckConstraint(name="chunk_span", condition=Q(end__gt=F("start"))),
        )

    def __str__(self) -> str:
        return f"{self.document} [{self.start}:{self.end}]"

    @property
    def embedded_text(self) -> str:
        """What is embedded, and what its words are counted in."""
        return f"{self.heading}\n{self.text}"


class TermVector(models.Model):
    """A chunk's words: which there are, and how much each weighs (BM25 without its idf).

    A table of its own, so that scoring reads nothing but what it needs. ``weights`` is not
    TOASTed: reading it is what a lexical search does most.
    """

    chunk = models.OneToOneField(
        Chunk, primary_key=True, on_delete=models.CASCADE, related_name="terms"
    )
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    tsv = SearchVectorField(help_text="Lexemes of heading and text, without positions.")
    weights = SparseVectorField(dimensions=TERM_PLACES)

    class Meta:
        # A search reads the list of what was written last besides: a megabyte is a millisecond
        # of it, and makes writing 1.6 times as fast as no list.
        indexes = (
            GinIndex(
                name="termvector_tsv", fields=["tsv"], fastupdate=True, gin_pending_list_limit=1024
            ),
        )

    def __str__(self) -> str:
        return f"words of chunk {self.chunk_id}"


class TermFrequency(models.Model):
    """In how many free chunks a lexeme stands; the empty lexeme counts all of them.

    Licensed documents are not counted: what a reader's search scores must tell nothing of them.
    """

    lexeme = models.TextField(primary_key=True)
    chunks = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.lexeme}: {self.chunks}"


class EmbeddingModelQuerySet(models.QuerySet["EmbeddingModel"]):
    def live(self) -> Self:
        """Models that get vectors for every new chunk."""
        return self.filter(state__in=(EmbeddingModel.State.FILLING, EmbeddingModel.State.ACTIVE))


class EmbeddingModel(models.Model):
    """A space of vectors. Search uses the active one; another may be filled meanwhile."""

    class State(models.TextChoices):
        FILLING = "filling", "being filled"
        ACTIVE = "active", "in use"
        RETIRED = "retired", "retired, its vectors dropped"

    name = models.CharField(max_length=120, unique=True)
    provider = models.CharField(max_length=40)
    dimensions = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.FILLING)
    added_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = EmbeddingModelQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                name="embedding_model_one_active", fields=["state"], condition=Q(state="active")
            ),
            models.CheckConstraint(
                name="embedding_model_state_dated",
                condition=(Q(state="filling") & Q(activated_at=None, retired_at=None))
                | (Q(state="active") & Q(activated_at__isnull=False, retired_at=None))
                | (Q(state="retired") & Q(retired_at__isnull=False)),
            ),
            # What an HNSW index of halfvec can hold.
            models.CheckConstraint(
                name="embedding_model_dimensions", condition=Q(dimensions__range=(1, 4000))
            ),
        )

    def __str__(self) -> str:
        return self.name


class Embedding(models.Model):
    """A chunk's vector in one model's space: narrow, and stored in the row (no TOAST)."""

    model = models.ForeignKey(
        EmbeddingModel, on_delete=models.CASCADE, db_index=False, related_name="embeddings"
    )
    chunk = models.ForeignKey(
        Chunk, on_delete=models.CASCADE, db_index=False, related_name="embeddings"
    )
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    plan = models.ForeignKey(
        Plan, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
        related_name="+", help_text="Free and licensed vectors have indexes of their own.",
    )  # fmt: skip
    vector = HalfVectorField(help_text="Of length one; as many dimensions as the model has.")

    class Meta:
        constraints = (models.UniqueConstraint(name="embedding_once", fields=["chunk", "model"]),)
        indexes = (models.Index(name="embedding_of_document", fields=["model", "document"]),)

    def __str__(self) -> str:
        return f"vector of chunk {self.chunk_id}"


class PendingEmbedding(models.Model):
    """A vector that is to be made. Who makes it holds a claim for a while, by its token."""

    model = models.ForeignKey(
        EmbeddingModel, on_delete=models.CASCADE, db_index=False, related_name="pending"
    )
    chunk = models.ForeignKey(
        Chunk, on_delete=models.CASCADE, db_index=False, related_name="pending"
    )
    token = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="pending_embedding_once", fields=["chunk", "model"]),
            models.CheckConstraint(
                name="pending_embedding_claim",
                condition=Q(token=None, claimed_until=None)
                | Q(token__isnull=False, claimed_until__isnull=False),
            ),
        )
        indexes = (models.Index(name="pending_embedding_of_model", fields=["model", "chunk"]),)

    def __str__(self) -> str:
        return f"vector due for chunk {self.chunk_id}"
