"""A pasted text held against all that a reader may read of a stock: each claim marked."""

from summaries.marking.marking import TooLong, mark
from summaries.marking.values import Disagreement, Evidence, Kind, Marked, MarkedClaim, Reason

__all__ = [
    "Disagreement",
    "Evidence",
    "Kind",
    "Marked",
    "MarkedClaim",
    "Reason",
    "TooLong",
    "mark",
]
