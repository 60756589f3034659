"""What a judge is asked to answer. Kept to what both providers' structured output takes."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OfferedOpinion(_Shape):
    """``claim``: its number; ``quote``: exact characters of one excerpt, "" where none says it."""

    claim: int
    verdict: Literal["supported", "contradicted", "not_found"]
    quote: str
    why: str
    sureness: Literal["certain", "likely", "unsure"]


class OfferedOpinions(_Shape):
    opinions: list[OfferedOpinion]
