"""What the models are asked to answer: the shapes of claims and of a tier.

Kept to what both providers' structured output takes: no lengths, no patterns, every
member required. What a length or a pattern would say, the prompt says and we check.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Topic = Literal[
    "growth", "profit", "margins", "costs", "cash", "balance", "shareholders", "history",
    "sector", "recent", "business",
]  # fmt: skip


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(_Shape):
    """``source``: the id of a line of the pack, F12; ``quote``: exact characters of it."""

    source: str
    quote: str


class OfferedClaim(_Shape):
    """One sentence that stands alone, and what proves it."""

    text: str
    evidence: list[Evidence]
    topic: Topic


class OfferedClaims(_Shape):
    claims: list[OfferedClaim]


class OfferedSentence(_Shape):
    """``claims``: the numbers of the claims that the sentence renders."""

    text: str
    claims: list[int]


class OfferedTier(_Shape):
    sentences: list[OfferedSentence]
