"""The operators' view of the tables. What sources and workers write is read here, not changed."""

from summaries.admin import (
    batches,
    documents,
    ingests,
    licences,
    market,
    people,
    stocks,
    texts,
)

__all__ = ["batches", "documents", "ingests", "licences", "market", "people", "stocks", "texts"]
