"""Standard depth: search, and one call of a model; without one, the sources' own words."""

from queries.standard.answering import answer

__all__ = ["answer"]
