"""Periods as they are said, found in what a company reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from queries.understanding.values import (
    Back,
    Before,
    Half,
    Last,
    Next,
    NineMonths,
    PeriodBefore,
    Quarter,
    Since,
    Through,
    ToDate,
    Trailing,
    When,
    Year,
)
from summaries.factbook import FactBook
from summaries.periods import Period, Span

# Filers move a period's first day by a few.
_DAYS_OFF = 4
USUAL_YEARS, USUAL_QUARTERS, MOST_PERIODS = 5, 8, 20


@dataclass(frozen=True)
class Resolved:
    """``periods`` oldest first; empty where nothing is reported for ``said``."""

    said: str
    periods: tuple[Period, ...]


def resolved(when: When, book: FactBook) -> Resolved:
    return Resolved(said(when), tuple(_periods(when, book))[-MOST_PERIODS:])


def said(when: When) -> str:
    """The period in words, for who is told that there is nothing of it."""
    match when:
        case Year(number):
            return f"fiscal {number}"
        case Quarter(number, year):
            return f"quarter {number}" + (f" of fiscal {year}" if year else "")
        case Half(number, year):
            return f"half {number}" + (f" of fiscal {year}" if year else "")
        case NineMonths(year):
            return "the first nine months" + (f" of fiscal {year}" if year else "")
        case Since(year):
            return f"the years since {year}"
        case Through(first, last):
            return f"{first} to {last}"
        case Trailing():
            return "the last twelve months"
        case ToDate():
            return "the year so far"
        case Next(span):
            return f"the next {span.value}"
        case Last(count, span):
            return f"the last {count or 'few'} {span.value}s"
        case Back(steps, span):
            return (
                f"the latest {span.value}"
                if not steps
                else f"{steps} {span.value}s before the latest"
            )
        case Before() | PeriodBefore():
            return "the period before"
    return "that period"


def _periods(when: When, book: FactBook) -> Sequence[Period]:
    match when:
        case Year(number):
            return [p for p in _years(book) if book.calendar.year_number(p.end) == number]
        case Quarter(number, year):
            return _quarter(book, number, year)
        case Half(1, year):
            return _within(book, Span.HALF, year)
        case NineMonths(year):
            return _within(book, Span.NINE_MONTHS, year)
        case Back(steps, span):
            found = _years(book) if span is Span.YEAR else book.spans(span)
            return found[-1 - steps : len(found) - steps] if steps < len(found) else []
        case Last(count, Span.QUARTER):
            return book.quarters()[-(count or USUAL_QUARTERS) :]
        case Last(count, _):
            return _years(book)[-(count or USUAL_YEARS) :]
        case Since(first):
            return [p for p in _years(book) if book.calendar.year_number(p.end) >= first]
        case Through(first, last):
            return [p for p in _years(book) if first <= book.calendar.year_number(p.end) <= last]
    return []


def _years(book: FactBook) -> list[Period]:
    """One a number: a filer may move a year's first day by a day."""
    return list({book.calendar.year_number(p.end): p for p in book.years()}.values())


def _quarter(book: FactBook, number: int, year: int | None) -> list[Period]:
    found = [
        p
        for p in book.quarters()
        if (named := book.calendar.quarter_of(p.end))
        and named[1] == number
        and year in (None, named[0])
    ]
    return found[-1:]


def _within(book: FactBook, span: Span, year: int | None) -> list[Period]:
    found = [
        p
        for p in book.spans(span)
        if (named := book.calendar.quarter_of(p.end)) and year in (None, named[0])
    ]
    return found[-1:]


def to_date(book: FactBook, items: Iterable[str] = ("revenue", "net_income")) -> list[Period]:
    """Periods that begin with the fiscal year that is under way and of which one of the line
    items is reported, the longest last."""
    years = book.years()
    spans = (Span.QUARTER, Span.HALF, Span.NINE_MONTHS)
    found = {p for key in items for span in spans for p in book.item_series(key, span)}
    return sorted(p for p in found if years and p.start and _follows(years[-1], p.start))


def since_year_end(book: FactBook, items: Iterable[str]) -> list[Period]:
    """Periods that together cover what is reported of the year under way: its longest part, and
    the quarters that follow it without a gap, oldest first."""
    found = to_date(book, items)[-1:]
    while found:
        later = [p for p in book.quarters() if p.start and _follows(found[-1], p.start)]
        if not later:
            break
        found.append(later[-1])
    return found


def _follows(earlier: Period, start: date) -> bool:
    return abs((start - earlier.end).days - 1) <= _DAYS_OFF


def latest(book: FactBook) -> list[Period]:
    """The latest fiscal year, and the newest quarter since: what "now" is."""
    years, quarters = book.years(), book.quarters()
    newer = [p for p in quarters if not years or p.end > years[-1].end]
    return [*years[-1:], *newer[-1:]]
