"""What an earlier text said of a figure's direction, held beside what this one says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from summaries.periods import Span
from summaries.verification.assertions import Moved
from summaries.verification.figures import Figures, Stretch
from summaries.verification.outcomes import label
from summaries.verification.terms import Term, name_of
from summaries.verification.verdicts import Finding, Verdict
from summaries.verification.verifier import ReadSentence

_TURN = re.compile(
    r"\b(?:revers\w*|rebound\w*|recover\w*|turn(?:ed|ing|s)?|return(?:ed|ing)?|swung|swinging"
    r"|bounc\w+|after|following|despite|but|although|though|whereas|unlike|no\s+longer|first|end(?:ed|ing)|snap\w*|br[eo]ak\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Direction:
    """That a term moved, in the period ``at``, from the comparable one before."""

    term: Term
    direction: int
    at: Stretch
    start: int
    end: int


@dataclass(frozen=True)
class Reversal:
    """``is_open``: both speak of the same period, so that one of them is wrong."""

    finding: Finding
    is_open: bool


Told = Mapping[tuple[Term, Span], Direction]


def told(sentences: Iterable[ReadSentence]) -> Told:
    """The newest direction that a text gives each term, of what is proven in it."""
    found: dict[tuple[Term, Span], Direction] = {}
    for sentence in sentences:
        if sentence.check.verdict is not Verdict.SUPPORTED:
            continue
        for one in directions(sentence):
            held = found.get((one.term, one.at.span))
            if held is None or held.at.end < one.at.end:
                found[one.term, one.at.span] = one
    return found


def directions(sentence: ReadSentence) -> Iterator[Direction]:
    for one in sentence.reading.assertions:
        if not isinstance(one, Moved) or not one.direction or one.over or one.base:
            continue
        if (at := sentence.bench.now(one.when)) is not None:
            mark = one.marks[0]
            yield Direction(one.term, one.direction, at, mark.start, mark.end)


def reversals(
    sentence: ReadSentence, text: str, before: Told, figures: Figures
) -> Iterator[Reversal]:
    """Where the sentence turns what was said before, without its ``text`` saying that it turned."""
    for one in directions(sentence):
        held = before.get((one.term, one.at.span))
        if held is None or held.direction == one.direction or held.at.end > one.at.end:
            continue
        is_open = held.at.end == one.at.end
        if not is_open and _TURN.search(text):
            continue
        word = "rose" if held.direction > 0 else "fell"
        reason = (
            f"The summary before said that {name_of(one.term)} {word} {label(held.at, figures)}"
        )
        reason += "; this says the opposite" if is_open else "; that it has turned is not said"
        yield Reversal(Finding("reversal", reason, one.start, one.end), is_open)
