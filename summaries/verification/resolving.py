"""Which period of a company's book an expression means."""

from __future__ import annotations

from datetime import date

from summaries.periods import Span
from summaries.verification.figures import Figures, Stretch
from summaries.verification.whens import (
    At,
    Between,
    Earlier,
    Ended,
    EndOf,
    Latest,
    Quarter,
    QuarterBefore,
    Same,
    When,
    Year,
)


def resolve(when: When, figures: Figures, focus: Stretch | None) -> Stretch | None:
    """``focus``: the period the text speaks of, or the one compared from. None: no such period."""
    match when:
        case Year(number):
            return figures.years.get(number)
        case Ended(span, end):
            return Stretch(span, end) if end in figures.ends.get(span, ()) else None
        case Between(start, end):
            return Stretch(Span.OTHER, end, start)
        case Quarter(quarter, year):
            return _quarter(figures, quarter, year or _year_of(figures, focus))
        case At(day):
            return Stretch(Span.INSTANT, day) if day in figures.ends.get(Span.INSTANT, ()) else None
        case EndOf(of):
            whole = resolve(of, figures, focus) if of else focus
            return whole and Stretch(Span.INSTANT, whole.end)
        case Earlier(years):
            return figures.year_before(focus, years) if focus else None
        case QuarterBefore():
            return _quarter_before(figures, focus)
        case Latest(span):
            return _latest(figures, span)
        case Same(span):
            return _same(figures, span, focus)


def _same(figures: Figures, span: Span | None, focus: Stretch | None) -> Stretch | None:
    if focus is None or span is None or focus.span is span:
        return focus
    if focus.span is Span.INSTANT and span is Span.YEAR and figures.year_number(focus):
        return Stretch(Span.YEAR, focus.end)
    return None


def _year_of(figures: Figures, focus: Stretch | None) -> int | None:
    if focus is None:
        return None
    if focus.span is Span.YEAR:
        return figures.year_number(focus)
    named = figures.calendar.quarter_of(focus.end)
    return named[0] if named else None


def _quarter(figures: Figures, quarter: int, year: int | None) -> Stretch | None:
    for day in figures.ends.get(Span.QUARTER, ()):
        if year is not None and figures.calendar.quarter_of(day) == (year, quarter):
            return Stretch(Span.QUARTER, day)
    return None


def _quarter_before(figures: Figures, focus: Stretch | None) -> Stretch | None:
    if focus is None or focus.span is not Span.QUARTER:
        return None
    near = [d for d in figures.ends.get(Span.QUARTER, ()) if 80 <= (focus.end - d).days <= 100]
    return Stretch(Span.QUARTER, max(near)) if near else None


def _latest(figures: Figures, span: Span) -> Stretch | None:
    if span is Span.YEAR:
        return figures.latest_year
    ends: list[date] = figures.ends.get(span, [])
    return Stretch(span, ends[-1]) if ends else None
