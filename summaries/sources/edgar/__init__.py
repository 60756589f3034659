"""SEC EDGAR: lists of filings, reported facts and documents, at SEC's pace and by its rules."""

from summaries.sources.edgar.client import (
    DATA,
    PACE,
    WWW,
    Download,
    Edgar,
    NotChanged,
    Submissions,
    Validator,
    edgar,
    wanted_documents,
)
from summaries.sources.edgar.clock import public_at, wanted
from summaries.sources.edgar.listings import CurrentFiling, FormerName, ListedFiling, Ticker

__all__ = [
    "DATA",
    "PACE",
    "WWW",
    "CurrentFiling",
    "Download",
    "Edgar",
    "FormerName",
    "ListedFiling",
    "NotChanged",
    "Submissions",
    "Ticker",
    "Validator",
    "edgar",
    "public_at",
    "wanted",
    "wanted_documents",
]
