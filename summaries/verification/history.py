"""Claims about a run of fiscal years: extremes, streaks, firsts."""

from __future__ import annotations

from itertools import pairwise

from summaries.verification.figures import Figure, Figures, Stretch
from summaries.verification.outcomes import Outcome, failed, missing, not_held, proven
from summaries.verification.resolving import resolve
from summaries.verification.terms import Term, Window, name_of
from summaries.verification.whens import When

Run = list[tuple[int, Figure]]


def ranked(figures: Figures, term: Term, direction: int, window: Window, at: Stretch) -> Outcome:
    own = figures.at(term, at)
    if own is None:
        return not_held(term, at, figures)
    others = _window(figures, term, window, at)
    if isinstance(others, Outcome):
        return others
    extreme = max(others, key=lambda year: year[1].value * direction)
    all_figures = [own, *(figure for _, figure in others)]
    if extreme[1].value * direction > own.value * direction:
        word = "higher" if direction > 0 else "lower"
        return failed("rank", f"{name_of(term)} was {word} in fiscal {extreme[0]}", *all_figures)
    return proven(*all_figures)


def _window(figures: Figures, term: Term, window: Window, at: Stretch) -> Run | Outcome:
    """The years the extreme is taken over."""
    if window.on_record:
        record = _record(figures, term, at)
        if window.years is not None and window.years != len(record):
            return failed(
                "count", f"the sources have {len(record)} years of {name_of(term)} in a row"
            )
        return record if len(record) > 1 else missing("window", "there is one year on record")
    run = figures.run(term, at)
    if window.since is not None:
        return _since(figures, term, window.since, run, at)
    if window.years is None:
        return missing("window", "of how many years is not said")
    if window.years < 2 or len(run) < window.years:
        return missing("window", f"the sources have {len(run)} years of {name_of(term)} in a row")
    return run[: window.years]


def _record(figures: Figures, term: Term, at: Stretch) -> Run:
    """All years in a row around ``at``, later ones included."""
    number = figures.year_number(at)
    last = number
    while last is not None and last + 1 in figures.years:
        if figures.at(term, figures.years[last + 1]) is None:
            break
        last += 1
    return figures.run(term, figures.years[last]) if last in figures.years else []


def _since(figures: Figures, term: Term, since: When, run: Run, at: Stretch) -> Run | Outcome:
    start = resolve(since, figures, at)
    number = figures.year_number(start) if start else None
    inside = [(year, figure) for year, figure in run if number is not None and year > number]
    if number is None or not inside or inside[-1][0] != number + 1:
        return missing("window", "the sources don't reach back that far")
    return inside


def ran(
    figures: Figures,
    term: Term,
    direction: int,
    years: int | None,
    since: When | None,
    exact: bool,
    at: Stretch,
) -> Outcome:
    run = figures.run(term, at)
    steps = steps_of(run, direction)
    if since is not None:
        start = resolve(since, figures, at)
        first = figures.year_number(start) if start else None
        last = figures.year_number(at)
        years = last - first if first is not None and last is not None else None
    if not years or years < 0:
        return missing("window", "how many years is not clear")
    if len(run) <= years:
        return missing("window", f"the sources have {len(run)} years of {name_of(term)} in a row")
    used = [figure for _, figure in run[: years + 1]]
    word = "rise" if direction > 0 else "decline"
    if steps < years or (exact and steps > years):
        return failed("streak", f"the {word} has lasted {steps} years", *used, computed=str(steps))
    return proven(*used, computed=str(steps))


def steps_of(run: Run, direction: int) -> int:
    steps = 0
    for (_, later), (_, earlier) in pairwise(run):
        if (later.value - earlier.value) * direction <= 0:
            break
        steps += 1
    return steps


def firsted(figures: Figures, term: Term, direction: int, window: Window, at: Stretch) -> Outcome:
    """A step in one direction now, and none before it back to the window's start."""
    if window == Window():
        return missing("window", "the first in how many years is not said")
    run = figures.run(term, at)
    signs = [
        (year, (later.value - earlier.value) * direction > 0)
        for (year, later), (_, earlier) in pairwise(run)
    ]
    if not signs:
        return not_held(term, at, figures)
    used = [figure for _, figure in run]
    if not signs[0][1]:
        return failed("direction", f"{name_of(term)} moved the other way", *used[:2])
    earlier_years = [year for year, moved in signs[1:] if moved]
    if window.since is not None:
        start = resolve(window.since, figures, at)
        number = figures.year_number(start) if start else None
        if number is None or number not in dict(signs):
            return missing("window", "the sources don't reach back that far")
        if not earlier_years or earlier_years[0] != number:
            return failed("first", f"that was not the last such year before: {number}", *used)
        return proven(*used)
    if window.years is not None and not window.on_record:
        if len(signs) < window.years:
            return missing("window", "the sources don't reach back that far")
        earlier_years = [year for year, moved in signs[1 : window.years] if moved]
    if earlier_years:
        return failed("first", f"so it did in fiscal {earlier_years[0]}", *used)
    return proven(*used)
