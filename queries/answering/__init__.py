"""Questions about documents, answered by code alone: a figure or the words that say it, with where
they stand, verified; or that the documents don't say.

Pure: no database, network or clock.
"""

from __future__ import annotations

from collections.abc import Sequence

from queries.answering.asking import asking_of
from queries.answering.figures import figure_asked
from queries.answering.pages import Pages
from queries.answering.several import several_asked
from queries.answering.spans import close_to, words_asked
from queries.answering.values import Found, Operand, Place, Unsaid
from queries.answering.years import year_asked
from summaries.verification.documents.sources import Source

__all__ = ["Found", "Operand", "Place", "Unsaid", "answer"]


def answer(question: str, sources: Sequence[Source]) -> Found | Unsaid:
    """What the documents say to the question. A ``Found`` that isn't supported is told unverified,
    and no answer."""
    pages = Pages(tuple(sources))
    asking = asking_of(question)
    ways = (year_asked, several_asked, words_asked)
    found = next((one for way in ways if (one := way(asking.question, pages))), None)
    found = found or figure_asked(asking, pages)
    return found or Unsaid(close_to(asking.question, pages))
