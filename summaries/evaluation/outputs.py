"""What the product made of a case, as far as the evaluators look at it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from summaries.evaluation.cases import Figure
from summaries.tiers import Tier
from summaries.verification.verdicts import Verdict


@dataclass(frozen=True)
class Quote:
    """A citation: ``text`` is said to stand at ``start`` to ``end`` of the document.

    ``figure``: the fact that it proves; None where a sector's line is cited.
    """

    document: int
    start: int
    end: int
    text: str
    figure: Figure | None = None


@dataclass(frozen=True)
class Line:
    """A sentence as it was verified. ``stated``: figures that it prints and that are proven one
    by one; ``used``: all that its proof rests on. ``tier`` is None for a claim."""

    text: str
    verdict: Verdict
    stated: tuple[Figure, ...] = ()
    used: tuple[Figure, ...] = ()
    quotes: tuple[Quote, ...] = ()
    codes: tuple[str, ...] = ()  # of the verifier's findings
    tier: Tier | None = None


@dataclass(frozen=True)
class Output:
    """``refused``: why nothing was written, by the product's own decision. ``error``: why it
    could not be tried, so that nothing can be said of it; ``crashed``: the exception that the
    product ended with. ``documents``: texts by id."""

    lines: tuple[Line, ...] = ()
    seconds: float | None = None
    refused: str = ""
    error: str = ""
    crashed: str = ""
    writer: str = ""  # extractive, or a model's id
    is_publishable: bool = False
    disclosure: str = ""  # what stands below the text on the page
    documents: Mapping[int, str] = field(default_factory=dict)

    def of(self, tier: Tier) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.tier is tier)

    def text(self, tier: Tier) -> str:
        return " ".join(line.text for line in self.of(tier))
