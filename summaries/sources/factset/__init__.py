"""FactSet's Content API: fundamentals, prices, consensus estimates and ratings, as values."""

from summaries.sources.factset.access import Basic, OAuth2
from summaries.sources.factset.batches import BatchPending
from summaries.sources.factset.client import FactSet
from summaries.sources.factset.requests import BatchTicket, Request
from summaries.sources.factset.rows import (
    Answer,
    Consensus,
    ConsensusRating,
    Fundamental,
    Metric,
    Price,
    Problem,
)

__all__ = [
    "Answer",
    "Basic",
    "BatchPending",
    "BatchTicket",
    "Consensus",
    "ConsensusRating",
    "FactSet",
    "Fundamental",
    "Metric",
    "OAuth2",
    "Price",
    "Problem",
    "Request",
]
