"""The operators' view of the tables. What sources and workers write is read here, not changed."""

from summaries.admin import (
    batches,
    cases,
    documents,
    ingests,
    licences,
    market,
    people,
    regression,
    review,
    stocks,
    texts,
)

__all__ = [
    "batches",
    "cases",
    "documents",
    "ingests",
    "licences",
    "market",
    "people",
    "regression",
    "review",
    "stocks",
    "texts",
]
