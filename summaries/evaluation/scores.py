"""What an evaluator says: a score from 0 to 1, or none, with the reason in words. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from summaries.evaluation.cases import Case
from summaries.evaluation.outputs import Output


class Evaluator(StrEnum):
    """In the order in which they are shown."""

    FACT_ACCURACY = "fact_accuracy"
    CITATION_QUALITY = "citation_quality"
    WORD_COUNT = "word_count"
    RESPONSE_TIME = "response_time"
    GUARDRAIL_PASS = "guardrail_pass"  # noqa: S105 - passes a guardrail

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class Score:
    """``value`` is exact; None where it can't be determined, which is neither 0 nor 1."""

    value: Fraction | None
    why: str

    def __post_init__(self) -> None:
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"A score lies between 0 and 1, not at {self.value}.")

    @classmethod
    def of(cls, good: int, whole: int, why: str) -> Self:
        """A share; of nothing it is undetermined."""
        return cls(Fraction(good, whole) if whole else None, why)

    @classmethod
    def undetermined(cls, why: str) -> Self:
        return cls(None, why)


Evaluate = Callable[[Case, Output], Score]
MOST_TOLD = 3


def listed(faults: list[str], otherwise: str) -> str:
    """The first few faults, and how many more; ``otherwise`` where there is none."""
    if not faults:
        return otherwise
    more = f"; {len(faults) - MOST_TOLD} more" if len(faults) > MOST_TOLD else ""
    return "; ".join(faults[:MOST_TOLD]) + more
