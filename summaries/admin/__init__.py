"""The operators' view of the tables. What sources and workers write is read here, not changed."""

from summaries.admin import batches, people, stocks, texts

__all__ = ["batches", "people", "stocks", "texts"]
