"""The tables: stocks and what they reported, documents, summaries and their proof, what runs."""

from summaries.models.audit import AuditEvent
from summaries.models.batches import BatchItem, BatchRun
from summaries.models.documents import Document, Section, SectorSnapshot, Table, TaggedValue
from summaries.models.ingests import IngestItem, IngestRun, Source, SourceItem
from summaries.models.licences import Plan
from summaries.models.market import DailyPrice, Estimate, Fundamental
from summaries.models.passages import (
    Chunk,
    Embedding,
    EmbeddingModel,
    IndexedDocument,
    PendingEmbedding,
    TermFrequency,
    TermVector,
)
from summaries.models.regression import RegressionResult, RegressionRun
from summaries.models.research import ResearchIssuer, ResearchNote
from summaries.models.review import Approval, LabelledCase, Rewrite
from summaries.models.stocks import Fact, Filing, Stock
from summaries.models.texts import Citation, Claim, Finding, Summary

__all__ = [
    "Approval",
    "AuditEvent",
    "BatchItem",
    "BatchRun",
    "Chunk",
    "Citation",
    "Claim",
    "DailyPrice",
    "Document",
    "Embedding",
    "EmbeddingModel",
    "Estimate",
    "Fact",
    "Filing",
    "Finding",
    "Fundamental",
    "IndexedDocument",
    "IngestItem",
    "IngestRun",
    "LabelledCase",
    "PendingEmbedding",
    "Plan",
    "RegressionResult",
    "RegressionRun",
    "ResearchIssuer",
    "ResearchNote",
    "Rewrite",
    "Section",
    "SectorSnapshot",
    "Source",
    "SourceItem",
    "Stock",
    "Summary",
    "Table",
    "TaggedValue",
    "TermFrequency",
    "TermVector",
]
