"""Whether a source bears out a claim in words of its own, clause by clause. Pure.

For what people and models write about a report: sentences of several clauses in other words than
the report's, with figures worked out from it. Every figure is bound to one of the source or worked
out from such; of every clause the passages that say most of it are asked for the same direction,
negation, scope and year. What comes of it are a few numbers and a likelihood, no proof: the exact
provers are asked first, and a short claim is left to them unless all its figures were worked out.
"""

from summaries.verification.documents.entailing.proving import prove

__all__ = ["prove"]
