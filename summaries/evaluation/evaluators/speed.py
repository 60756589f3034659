"""Response time: whether an output came within the limit for its kind. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from summaries.evaluation.cases import Case
from summaries.evaluation.outputs import Output
from summaries.evaluation.scores import Score


@dataclass(frozen=True)
class Limits:
    """Seconds: for a ``summary``, from the facts to the checked and cited text; for a ``claim``,
    to read it with the facts at hand."""

    summary: float
    claim: float

    def response_time(self, case: Case, output: Output) -> Score:
        if output.seconds is None or not math.isfinite(output.seconds):
            return Score.undetermined("nobody measured how long it took")
        limit = self.summary if case.kind.is_written else self.claim
        told = f"{output.seconds:.3f} s of {limit:g} s"
        return Score.of(int(output.seconds <= limit), 1, told)
