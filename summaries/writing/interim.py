"""Sentences about the period since the last annual report, or about the year to date."""

from __future__ import annotations

from collections.abc import Iterator

from summaries.periods import Period, Span
from summaries.writing import numbers
from summaries.writing.topics import Sentence, sentence
from summaries.writing.view import Figure, View


def sentences(view: View) -> Iterator[tuple[int, Sentence]]:
    """With their weights; nothing where no shorter period is newer than the view's."""
    if view.period.span is Span.OTHER:
        yield from _preceding(view)
        return
    later = _newer_quarter(view) if view.is_year else _year_to_date(view)
    if later is None:
        return
    if opening := _results(later, view):
        yield 7, opening
        if rest := _bottom_line(later):
            yield 5, rest
        if margin := _margin(later):
            yield 3, margin
    if cash := _cash(later):
        yield 4, cash


_PRECEDING = (
    ("net_income", "net income", "the net loss"),
    ("operating_income", "operating income", "the operating loss"),
    ("research_and_development", "research and development expense", ""),
    ("sales_and_administration", "selling, general and administrative expense", ""),
    ("operating_cash_flow", "operating cash flow", ""),
    ("stock_compensation", "stock-based compensation", ""),
)


def _preceding(view: View) -> Iterator[tuple[int, Sentence]]:
    """What the company reports of the period just before its first in the present form."""
    start = view.period.start
    before = next(
        (p for p in view.book.spans(Span.OTHER) if start and (start - p.end).days == 1), None
    )
    if before is None:
        return
    earlier = _at(view, before)
    for key, name, loss in _PRECEDING:
        figure = earlier.figure(key)
        if figure is None or (figure.value <= 0 and not loss):
            continue
        told = name if figure.value > 0 else loss
        text = f"{told} for {earlier.full_label} was {earlier.money(figure)}."
        yield 3, sentence(f"preceding_{key}", text, figure)


def _newer_quarter(view: View) -> View | None:
    quarters = [q for q in view.book.quarters() if q.end > view.period.end]
    return _at(view, quarters[-1]) if quarters else None


def _year_to_date(view: View) -> View | None:
    """For a company known by a quarter alone: the longer period that ends with it."""
    for span in (Span.NINE_MONTHS, Span.HALF):
        periods = view.book.spans(span)
        if periods and periods[-1].end == view.period.end:
            return _at(view, periods[-1])
    return None


def _at(view: View, period: Period) -> View:
    return View(
        view.company, view.book, view.profile, period, view.book.year_before(period), view.benchmark
    )


def _same_period(view: View) -> str:
    return "the same quarter" if view.period.span is Span.QUARTER else "the same period"


def _results(later: View, view: View) -> Sentence | None:
    pair, growth = later.pair("revenue"), later.growth("revenue")
    if pair is None or growth is None:
        return None
    by, to, was = numbers.percent(abs(growth.value)), later.money(pair[0]), later.money(pair[1])
    direction = "up" if growth.value > 0 else "down"
    shapes = [
        f"in {later.full_label}, revenue {view.verb(growth.value)} {by} from {_same_period(later)} a year earlier to {to}.",
        f"revenue for {later.full_label} was {to}, {direction} {by} from {_same_period(later)} a year earlier.",
    ]
    if was != to:
        shapes.append(
            f"more recently, in {later.full_label}, revenue was {to}, against {was} in {_same_period(later)} a year earlier."
        )
    if not view.is_year:
        shapes = shapes[:2]
    return sentence("interim_revenue", later.choose("interim", shapes), *pair)


def _bottom_line(later: View) -> Sentence | None:
    pair = later.pair("net_income")
    if pair is None or pair[0].value <= 0 or pair[1].value <= 0:
        return None
    to, was = later.money(pair[0]), later.money(pair[1])
    if to == was:
        return None
    text = f"net income for {later.full_label} was {to}, compared with {was} a year earlier."
    return sentence("interim_net_income", text, *pair)


def _margin(later: View) -> Sentence | None:
    pair = later.pair("operating_margin")
    if pair is None or pair[0].value <= 0 or pair[1].value <= 0:
        return None
    to, was = numbers.percent(pair[0].value), numbers.percent(pair[1].value)
    if to == was:
        return None
    text = f"the operating margin for {later.full_label} was {to}, against {was} a year earlier."
    return sentence("interim_margin", text, *pair)


def _cash(later: View) -> Sentence | None:
    """Cash flow, which most report for the year to date alone."""
    if later.period.span is Span.QUARTER:
        return None
    pair: tuple[Figure, Figure] | None = later.pair("operating_cash_flow")
    if pair is None or pair[0].value <= 0 or pair[1].value <= 0:
        return None
    to, was = later.money(pair[0]), later.money(pair[1])
    if to == was:
        return None
    text = f"operating cash flow for {later.full_label} was {to}, against {was} a year earlier."
    return sentence("interim_cash_flow", text, *pair)
