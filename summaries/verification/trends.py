"""Words that set a change beside the one before it: "continued to grow", "rebounded", "a record".

A trend word is no part of what the first layer reads. It is taken out of the sentence, which is
then read without it, and is proven by itself on the series.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from summaries.verification import history
from summaries.verification.assertions import Assertion, Moved, Ranked
from summaries.verification.figures import Figures, Stretch
from summaries.verification.outcomes import Outcome, failed, label, missing, proven, said
from summaries.verification.proving import Bench
from summaries.verification.terms import Term, Window, name_of
from summaries.verification.whens import NUMBER_WORD, Year, number_of


class Turn(Enum):
    CONTINUED = 1  # the change before went the same way
    REVERSED = -1  # it went the other way


@dataclass(frozen=True)
class Trend:
    """``years``: how long it is said to have gone the other way. ``read_as``: what the first layer
    is given to read in its place; None leaves the words where they are."""

    turn: Turn
    start: int
    end: int
    text: str
    years: int | None = None
    read_as: str | None = ""


_RULES: tuple[tuple[Turn, str, str | None], ...] = (
    (Turn.CONTINUED, r"(?:has\s+|have\s+|had\s+)?(?:continued|continues|continue|continuing)\s+to(?=\s)", ""),
    (Turn.CONTINUED, r"(?:kept|keeps|keeping)(?:\s+on)?(?=\s+\w+ing\b)", ""),
    (Turn.CONTINUED, r"(?:once\s+|yet\s+)?again(?=[\s.,;])", ""),
    (Turn.REVERSED, r"rebound(?:ed|ing|s)", None),
    (Turn.REVERSED, r"bounced\s+back|recovered|returned\s+to\s+growth", "rose"),
    (
        Turn.REVERSED,
        r"(?:,\s?|\s)(?:reversing|ending|snapping|breaking|after)\s+(?:a\s+)?"
        rf"(?P<years>{NUMBER_WORD})[\s-](?:straight\s+|consecutive\s+)?years?"
        r"(?:['’])?(?:\s+(?:of|run\s+of|streak\s+of|string\s+of))?"
        r"\s+(?:growth|gains|increases|declines?|decreases|falls|losing\s+streak|slide)(?=[\s.,;])",
        "",
    ),
)  # fmt: skip
_TRENDS = tuple(
    (turn, re.compile(rf"(?<![A-Za-z]){shape}", re.IGNORECASE), read_as)
    for turn, shape, read_as in _RULES
)
# "growth accelerated": the growth rate itself rose.
_PACE = re.compile(
    r"(?<=growth )(?P<up>accelerated|accelerating|picked\s+up|quickened)\b"
    r"|(?<=growth )(?:decelerated|decelerating|slowed|slowing)\b",
    re.IGNORECASE,
)


def trends_of(text: str) -> tuple[Trend, ...]:
    """In order; ``text``: plain. Of words that overlap the longer stands."""
    found = [
        Trend(turn, *match.span(), match.group(), _years(match), read_as)
        for turn, rule, read_as in _TRENDS
        for match in rule.finditer(text)
    ]
    kept: list[Trend] = []
    for one in sorted(found, key=lambda one: one.start - one.end):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def _years(match: re.Match[str]) -> int | None:
    years = match.groupdict().get("years")
    return number_of(years) if years else None


def without(text: str, trends: Sequence[Trend]) -> str:
    """The text as the first layer reads it: as long as it was, so that offsets stay."""
    for one in trends:
        if one.read_as is not None:
            filled = one.read_as.ljust(one.end - one.start)
            text = text[: one.start] + filled + text[one.end :]
    return _PACE.sub(_paced, text)


def _paced(match: re.Match[str]) -> str:
    return ("rose" if match["up"] else "fell").ljust(len(match.group()))


def prove_trend(trend: Trend, assertions: Sequence[Assertion], bench: Bench) -> Outcome:
    """On the change that stands nearest to the word."""
    moves = [one for one in assertions if isinstance(one, Moved) and one.direction]
    if not moves:
        return missing("trend", f"what “{trend.text.strip(' ,')}” speaks of is not clear")
    move = min(moves, key=lambda one: abs(one.marks[0].start - trend.start))
    now = _now(move, bench)
    base = bench.base(move.base, now) if now else None
    if base is None:
        return missing("trend", "the period of the change is not clear")
    if trend.turn is Turn.CONTINUED:
        return _continued(move.term, move.direction, base, bench.figures)
    return _reversed(move.term, move.direction, base, bench.figures, trend.years)


def _now(move: Moved, bench: Bench) -> Stretch | None:
    if move.over is not None:
        return None
    return bench.year(move.when) if isinstance(move.base, Year) else bench.now(move.when)


def _continued(term: Term, direction: int, base: Stretch, figures: Figures) -> Outcome:
    before = figures.year_before(base)
    was, earlier = figures.at(term, base), before and figures.at(term, before)
    if was is None or not earlier or before is None:
        return missing("trend", f"the sources don't tell how {name_of(term)} moved before")
    if (was.value - earlier.value) * direction > 0:
        return proven(was, earlier)
    return failed(
        "trend",
        f"nothing continued: {name_of(term)} {label(base, figures)} was {said(was, figures)},"
        f" beside {said(earlier, figures)} {label(before, figures)}",
        was, earlier,
    )  # fmt: skip


def _reversed(
    term: Term, direction: int, base: Stretch, figures: Figures, years: int | None
) -> Outcome:
    steps = history.steps_of(figures.run(term, base), -direction)
    if years is None and figures.year_number(base) is None:
        return _turned(term, direction, base, figures)
    used = [figure for _, figure in figures.run(term, base)[: steps + 2]]
    if len(used) < 2:
        return missing("trend", f"the sources don't tell how {name_of(term)} moved before")
    if steps and years in (None, steps):
        return proven(*used)
    word = "rise" if direction < 0 else "decline"
    lasted = f"the {word} of {name_of(term)} up to then lasted {steps} years"
    reason = lasted if steps else f"nothing reversed: {name_of(term)} had moved that way before"
    return failed("trend", reason, *used)


def _turned(term: Term, direction: int, base: Stretch, figures: Figures) -> Outcome:
    """Of a quarter or half: against the same one a year before."""
    before = figures.year_before(base)
    was, earlier = figures.at(term, base), before and figures.at(term, before)
    if was is None or not earlier:
        return missing("trend", f"the sources don't tell how {name_of(term)} moved before")
    if (was.value - earlier.value) * direction < 0:
        return proven(was, earlier)
    return failed(
        "trend", f"nothing reversed: {name_of(term)} had moved that way before", was, earlier
    )


def prove_record(claim: Ranked, bench: Bench) -> Outcome:
    """ "A record", of how many years is not said: of all up to then that the sources have in a row."""
    at = bench.year(claim.when)
    if at is None:
        return missing("period", "the period is not stated")
    window = Window(len(bench.figures.run(claim.term, at)))
    return history.ranked(bench.figures, claim.term, claim.direction, window, at)
