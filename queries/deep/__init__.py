"""Deep depth: the question taken apart, each part answered, the sources held together."""

from queries.deep.answering import answer

__all__ = ["answer"]
