"""Whether a text takes an old period for the latest, or what is yet to come for what was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summaries.periods import Span
from summaries.verification.figures import Figures, Stretch
from summaries.verification.outcomes import Outcome, failed, label, missing
from summaries.verification.resolving import resolve
from summaries.verification.whens import Between, Quarter, When, Year, when_at

_CALLED = r"(?:latest|most\s+recent|newest|current|last\s+reported)"
_LENGTH = (
    r"(?:(?:reported|completed|full|fiscal|financial)\s+)*(?:year|quarter|half|six\s+months"
    r"|nine\s+months)"
)
# "its latest fiscal year, 2024"; "the most recent quarter ended 28 June 2025"; "2024, its latest year,"
_BESIDE = re.compile(
    rf"(?:\b(?:the|its|their)\s+)?\b{_CALLED}\s+{_LENGTH}\s*[,(:–—]?\s*(?=\S)", re.IGNORECASE
)
_ENDED = re.compile(
    rf"\b{_CALLED}\s+(?={_LENGTH},?\s+(?:that\s+|which\s+)?end(?:ed|ing)\s)", re.IGNORECASE
)
_AFTER = re.compile(
    rf",\s+(?:the|its|their)\s+{_CALLED}\s+{_LENGTH}(?:\s+(?:reported|on\s+record|available))?(?=[,.;)])",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|should|may|might|could|shall|expect(?:s|ed|ing)?|anticipat(?:e|es|ed|ing)"
    r"|forecast(?:s|ed|ing)?|project(?:s|ed|ing|ion|ions)|guid(?:ance|es|ed|ing)|outlook"
    r"|target(?:s|ed|ing)?|estimat(?:e|es|ed|ing)|plans?|planning|intends?|aims?|sees|foresees?"
    r"|consensus|next\s+(?:year|quarter|fiscal)|going\s+forward|in\s+the\s+coming|set\s+to"
    r"|on\s+track|likely\s+to)\b",
    re.IGNORECASE,
)


_EXPECTED = re.compile(
    r"\b(?:expect(?:s|ed)?|anticipat(?:e|es|ed)|forecasts?|guidance|outlook|will|projects|targets"
    r"|intends?|plans?\s+to|sees)\b",
    re.IGNORECASE,
)


def is_guidance(text: str) -> bool:
    """Whether a source gives what it says as an expectation."""
    return _EXPECTED.search(text) is not None


def speaks_of_the_future(text: str) -> bool:
    """Whether it says, in whatever words, that something is expected and not yet so."""
    return _AHEAD.search(text) is not None


@dataclass(frozen=True)
class Latest:
    """Words from ``start`` to ``end`` that call the period beside them the latest."""

    start: int
    end: int
    when: When


def latest_of(text: str) -> tuple[Latest, ...]:
    """In order; ``text``: plain."""
    found = []
    for match in _ENDED.finditer(text):
        if named := when_at(text, match.end()):
            found.append(Latest(*match.span(), named[0]))
    for match in _BESIDE.finditer(text):
        if named := when_at(text, match.end()):
            found.append(Latest(*match.span(), named[0]))
    for match in _AFTER.finditer(text):
        if when := _ending_at(text, match.start()):
            found.append(Latest(*match.span(), when))
    return tuple(sorted(found, key=lambda one: one.start))


def _ending_at(text: str, end: int) -> When | None:
    """The longest period expression that ends there; none is longer than sixty characters."""
    for start in range(max(0, end - 60), end):
        begins = not start or not text[start - 1].isalnum()
        if begins and (named := when_at(text, start)) and named[1] == end:
            return named[0]
    return None


def stale(latest: Latest, figures: Figures, focus: Stretch | None) -> Outcome | None:
    """A failure where the sources have a later period of the same length; None where they don't."""
    at = resolve(latest.when, figures, focus)
    if at is None:
        return None
    newest = newest_of(figures, at.span)
    if newest is None or newest.end <= at.end:
        return None
    then, last = (label(one, figures).removeprefix("for ") for one in (at, newest))
    return failed("stale", f"{then} is not the latest: the sources have {last}")


def newest_of(figures: Figures, span: Span) -> Stretch | None:
    if span is Span.YEAR:
        return figures.latest_year
    ends = figures.ends.get(span)
    return Stretch(span, ends[-1]) if ends else None


def not_yet(when: When | None, text: str, figures: Figures) -> Outcome | None:
    """Of a figure that the sentence ``text`` gives for a period: that it has not been reported."""
    if when is None or isinstance(when, Between) or speaks_of_the_future(text):
        return None
    reported = _reported(figures)
    asked = _asked(when)
    if reported is None or asked is None or asked <= reported:
        return None
    number, quarter = reported
    newest = f"fiscal {number}" if quarter == 4 else f"the quarter Q{quarter} of fiscal {number}"
    return missing(
        "guidance",
        f"the period has not been reported: the newest is {newest}; a figure for it is a forecast",
    )


def _asked(when: When) -> tuple[int, int] | None:
    match when:
        case Year(number):
            return number, 4
        case Quarter(quarter, year) if year is not None:
            return year, quarter
    return None


def _reported(figures: Figures) -> tuple[int, int] | None:
    """The newest fiscal year and quarter that any fact speaks of."""
    told = [(number, 4) for number in figures.years]
    for day in figures.ends.get(Span.QUARTER, ())[-4:]:
        if named := figures.calendar.quarter_of(day):
            told.append(named)
    return max(told, default=None)
