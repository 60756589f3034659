"""The tables: stocks and what they reported, summaries and their proof, batches, the audit trail."""

from summaries.models.audit import AuditEvent
from summaries.models.batches import BatchItem, BatchRun
from summaries.models.documents import Document, SectorSnapshot
from summaries.models.stocks import Fact, Filing, Stock
from summaries.models.texts import Citation, Claim, Finding, Summary

__all__ = [
    "AuditEvent",
    "BatchItem",
    "BatchRun",
    "Citation",
    "Claim",
    "Document",
    "Fact",
    "Filing",
    "Finding",
    "SectorSnapshot",
    "Stock",
    "Summary",
]
