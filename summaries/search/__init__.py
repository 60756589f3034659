"""Search: a question in, the passages that answer it out. One function for all callers."""

from summaries.search.fusion import Ranking
from summaries.search.query import EVERYBODY, Query
from summaries.search.searching import Passage, Reranker, search

__all__ = ["EVERYBODY", "Passage", "Query", "Ranking", "Reranker", "search"]
