"""What a company reports, as lines of evidence: how a text may put each fact. Pure.

A measure has the name that the verifier knows it by; a period the words it reads it by. What
the verifier has no word for is left out: nobody could prove a sentence on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from summaries.measures import CATALOGUE, ITEMS, Item, Statement, Unit
from summaries.periods import Period, Span
from summaries.verification.names import MEASURES
from summaries.verification.terms import Plain
from summaries.writing import numbers
from summaries.writing.history import run_of
from summaries.writing.view import Figure, View

# Of these the years before the last two are told as well.
HISTORY = (
    "revenue", "operating_income", "net_income", "diluted_eps", "operating_cash_flow",
    "net_interest_income", "premiums",
)  # fmt: skip
HISTORY_YEARS = 5
# What the verifier calls a figure below zero, said without its sign.
LOSSES = {
    "net_income": "net loss",
    "operating_income": "operating loss",
    "pretax_income": "pre-tax loss",
    "gross_profit": "gross loss",
    "diluted_eps": "diluted loss per share",
    "operating_cash_flow": "cash used in operating activities",
    "investing_cash_flow": "cash used in investing activities",
    "financing_cash_flow": "cash used in financing activities",
    "free_cash_flow": "free cash outflow",
    "equity": "shareholders' deficit",
    "retained_earnings": "accumulated deficit",
}
NAMED = frozenset(term.key for term in MEASURES.values() if isinstance(term, Plain))
TOLD = tuple(item for item in ITEMS if item.key in NAMED and item.statement is not Statement.COVER)


@dataclass(frozen=True)
class Reported:
    """A fact, and how a text may put it: "revenue, fiscal 2025: $416.2bn"."""

    says: str
    fact_id: int


def reported(view: View) -> Iterator[tuple[str, list[Reported]]]:
    """Facts under headings: the main period, the newest shorter ones, and earlier years."""
    yield _heading(view), list(_main(view))
    for later in interims(view):
        yield _heading(later), list(_interim(later, view))
    yield "Reported for earlier years", list(_earlier(view))


def interims(view: View) -> list[View]:
    """The newest quarter since the main period, and the longer period that ends with it."""
    book = view.book
    newer = [p for p in book.quarters() if p.end > view.period.end] if view.is_year else []
    found = [newer[-1]] if newer else []
    end = newer[-1].end if newer else view.period.end
    found += [
        periods[-1]
        for span in (Span.HALF, Span.NINE_MONTHS)
        if (periods := book.spans(span)) and periods[-1].end == end and periods[-1] != view.period
    ]
    return [seen_from(view, period) for period in found]


def seen_from(view: View, period: Period) -> View:
    before = view.book.year_before(period)
    return View(view.company, view.book, view.profile, period, before, view.benchmark)


def named(key: str, value: Decimal) -> tuple[str, Decimal]:
    """The measure's name and the value as they are said together: a net loss has no sign."""
    if value < 0 and key in LOSSES:
        return LOSSES[key], -value
    return CATALOGUE[key].name, value


def printed(view: View, key: str, value: Decimal) -> str:
    measure = CATALOGUE[key]
    unit = measure.unit if isinstance(measure, Item) else Unit.MONEY
    match unit:
        case Unit.MONEY:
            return numbers.money(value, view.book.currency)
        case Unit.PER_SHARE:
            return numbers.per_share(value, view.book.currency)
        case Unit.SHARES:
            return f"{'-' if value < 0 else ''}{numbers.count(abs(value))}"


def closing(view: View, at: Period) -> str:
    """When a balance stands: at the end of fiscal 2025, at 28 June 2025."""
    year = next((p for p in view.book.years() if p.end == at.end), None)
    if year is not None:
        return f"at the end of {view.label_of(year)}"
    return f"at {at.end.day} {at.end:%B %Y}"


def _heading(view: View) -> str:
    label = view.label_of(view.period)
    full = view.full_label_of(view.period)
    told = full if label == full else f"{label} ({full})"
    if view.before is None:
        return f"Reported for {told}"
    before = view.label_of(view.before) if view.is_year else "the same period a year earlier"
    return f"Reported for {told}, and for {before}"


def _main(view: View) -> Iterator[Reported]:
    for item in TOLD:
        yield from _pair(view, item)


def _interim(later: View, view: View) -> Iterator[Reported]:
    """Of the year to date only what the quarter itself isn't told of."""
    to_date = later.period.span is not Span.QUARTER
    quarter = next((one for one in interims(view) if one.period.span is Span.QUARTER), None)
    for item in TOLD:
        if item.is_instant:
            if not to_date and (now := later.figure(item.key)):
                yield from _one(later, item.key, now, later.period)
        elif not (to_date and quarter and quarter.figure(item.key)):
            yield from _pair(later, item)


def _pair(view: View, item: Item) -> Iterator[Reported]:
    now = view.figure(item.key)
    if now is None:
        return
    yield from _one(view, item.key, now, view.period)
    if item.is_instant:
        earlier = view.balance_before(item.key)
        if earlier:
            yield from _one(view, item.key, *earlier)
    elif view.before and (then := view.prior(item.key)):
        yield from _one(view, item.key, then, view.before)


def _earlier(view: View) -> Iterator[Reported]:
    for key in HISTORY:
        for period, figure in reversed(run_of(view, key)[-HISTORY_YEARS:-2]):
            yield from _one(view, key, figure, period)


def _one(view: View, key: str, figure: Figure, at: Period) -> Iterator[Reported]:
    if figure.value == 0:
        return
    name, value = named(key, figure.value)
    measure = CATALOGUE[key]
    is_balance = isinstance(measure, Item) and measure.is_instant
    when = closing(view, at) if is_balance else view.label_of(at)
    yield Reported(f"{name}, {when}: {printed(view, key, value)}", figure.facts[0])
